package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.AuxiliaryHeads;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The published networks are those of torchvision 0.14: the same state, the same answers, the same cost. */
class ZooTest {

    private static final JsonNode GOLDEN = Golden.read("zoo.json");
    private static final int LARGE = 30_000_000;
    private static final int CLASSES = 12;

    /** With all that torchvision's has. */
    private static final Map<String, String> FULL = Map.of("googlenet", "googlenet auxiliary=true");

    /**
     * A line of {@code models.csv}.
     *
     * @param source of the figures: torchvision's published ones, or counted here
     */
    record Published(String name, long parameters, double gmacs, String source) {}

    static List<Published> published() throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ZooTest.class.getResourceAsStream("/models.csv")), StandardCharsets.UTF_8))) {
            return in.lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(f -> new Published(f[0], Long.parseLong(f[1]), Double.parseDouble(f[2]), f[3]))
                    .filter(row -> Models.find(row.name()).isPresent())
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void hasThePublishedCounts(Published row) {
        ModelEntry.Counts counts = Models.get(row.name()).counts();
        assertThat(counts.parameters()).isEqualTo(row.parameters());
        assertThat(counts.gmacs()).isCloseTo(row.gmacs(), withinPercentage(2));
    }

    private static Stream<String> known() {
        return GOLDEN.propertyNames().stream().filter(name -> Models.find(name).isPresent());
    }

    static List<String> small() {
        return known().filter(name -> Models.get(name).counts().parameters() < LARGE)
                .toList();
    }

    static List<String> large() {
        return known().filter(name -> Models.get(name).counts().parameters() >= LARGE)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("small")
    void equalsTorchvision(String name) {
        parity(name);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("large")
    void aLargeOneEqualsTorchvision(String name) {
        parity(name);
    }

    private static void parity(String name) {
        JsonNode golden = GOLDEN.get(name);
        int side = golden.get("side").asInt();
        Module net = Models.create(FULL.getOrDefault(name, name), 3, side, side, CLASSES);
        assertThat(Zoo.digest(Zoo.listing(net.state())))
                .as("names, shapes and their order")
                .isEqualTo(golden.get("digest").asString());
        Zoo.fill(net.state());
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            net.state().train(false);
            same(List.of(Layer.of(net).forward(image(side))), List.of(golden.get("eval")), 1e-4);
            if (golden.has("train")) {
                net.state().train(true);
                net.state().dropout(false);
                List<JsonNode> expected = new ArrayList<>();
                golden.get("train").forEach(expected::add);
                // In float64 on both sides: batch norms that see two values amplify float32's rounding a thousandfold.
                net.state().replace(tensor -> tensor.type() == DType.FLOAT32 ? tensor.to(DType.FLOAT64) : tensor);
                same(trained(net, image(side).to(DType.FLOAT64)), expected, 1e-4);
            }
        }
    }

    /** The logits of all heads. */
    private static List<Tensor> trained(Module net, Tensor image) {
        return net instanceof AuxiliaryHeads heads
                ? heads.allLogits(image)
                : List.of(Layer.of(net).forward(image));
    }

    private static Tensor image(int side) {
        return Zoo.noise("image", 2, 3, side, side).to(DType.FLOAT32);
    }

    private static void same(List<Tensor> found, List<JsonNode> expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            double[] values = found.get(i).toDoubles();
            double[] wanted = Golden.array(expected.get(i));
            double off = 0;
            double size = 0;
            for (int j = 0; j < wanted.length; j++) {
                off += Math.pow(values[j] - wanted[j], 2);
                size += Math.pow(wanted[j], 2);
            }
            assertThat(Math.sqrt(off / size)).as("output %s", i).isCloseTo(0, within(tolerance));
        }
    }
}
