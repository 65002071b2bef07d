package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class AirbenchTest {

    private static final Preprocess SMALL = Preprocess.of(16, 16, 3);
    private static final int VALUES = 12; // of a patch of 2x2 pixels

    private static Tensor images(Shapes shapes) {
        float[] values = new float[shapes.size() * 3 * 16 * 16];
        for (int i = 0; i < shapes.size(); i++) {
            byte[] pixels = SMALL.apply(shapes.image(i)).pixels(); // height, width, channel
            for (int p = 0; p < pixels.length; p++) {
                int place = (i * 3 + p % 3) * 256 + p / 3;
                values[place] =
                        (float) (((pixels[p] & 0xFF) / 255.0 - SMALL.mean().get(p % 3))
                                / SMALL.std().get(p % 3));
            }
        }
        return Tensor.of(values, shapes.size(), 3, 16, 16);
    }

    @Test
    void itsFirstLayerMakesTheValuesOfPatchesUncorrelatedAndOfDeviationOne() {
        var shapes = new Shapes(4, 200, 16);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var net = new Airbench(3, List.of(8, 8, 8), 10);
            net.state().initialize(Random.of(new Seed(1)));
            net.fit(shapes, SMALL);
            Tensor weight = net.state().buffers().get("whiten.weight");
            assertThat(weight.narrow(0, VALUES, VALUES).toFloats())
                    .as("the second half of the filters")
                    .containsExactly(weight.narrow(0, 0, VALUES).neg().toFloats());
            Tensor whitened = images(shapes).conv2d(weight.narrow(0, 0, VALUES), null, 1, 0, 1, 1);
            Tensor rows = whitened.permute(0, 2, 3, 1).reshape(-1, VALUES);
            float[] products =
                    rows.transpose(0, 1).matmul(rows).div(rows.size(0)).toFloats();
            for (int i = 0; i < VALUES; i++) {
                for (int j = 0; j < VALUES; j++) {
                    double product = products[i * VALUES + j];
                    if (i == j) {
                        assertThat(product)
                                .as("filter %d", i)
                                .isBetween(0.1, 1.01); // less where there is next to nothing
                    } else {
                        assertThat(product).as("filters %d and %d", i, j).isCloseTo(0, within(0.02));
                    }
                }
            }
            assertThat(products[VALUES * VALUES - 1])
                    .as("the direction with the most variance")
                    .isCloseTo(1, within(0.02f));
        }
    }
}
