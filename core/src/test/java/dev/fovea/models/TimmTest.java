package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Networks that timm and others publish, at reduced size, against the papers written with PyTorch's layers. */
class TimmTest {

    private static final JsonNode GOLDEN = Golden.read("timm.json");
    private static final int SIDE = 32;

    static Stream<String> names() {
        return GOLDEN.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void equalsItsPaper(String name) {
        JsonNode golden = GOLDEN.get(name);
        Module net = Models.create(name, 3, SIDE, SIDE, 5);
        assertThat(Zoo.digest(Zoo.listing(net.state())))
                .as("names, shapes and their order")
                .isEqualTo(golden.get("digest").asString());
        Zoo.fill(net.state());
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor image = Zoo.noise("image", 2, 3, SIDE, SIDE).to(DType.FLOAT32);
            assertThat(Layer.of(net).forward(image).toDoubles())
                    .containsExactly(Golden.array(golden.get("eval")), within(1e-5));
        }
    }
}
