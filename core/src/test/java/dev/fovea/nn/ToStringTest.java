package dev.fovea.nn;

import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.dense;
import static dev.fovea.nn.Layers.flatten;
import static dev.fovea.nn.Layers.relu;
import static dev.fovea.nn.Layers.shape;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;

/** What a print or a debugger shows. */
class ToStringTest {

    @Test
    void aTensorShowsItsFirstValues() {
        try (var scope = new Scope()) {
            assertThat(Tensor.of(new float[] {1, 2.5f, Float.NaN}, 3))
                    .hasToString("Tensor float32[3] on cpu [1.0, 2.5, NaN]");
            assertThat(Tensor.zeros(3, 4).toString())
                    .endsWith("0.0, 0.0, ...]")
                    .startsWith("Tensor float32[3, 4] on cpu [0.0");
            assertThat(Tensor.zeros(0, 4).toString()).isEqualTo("Tensor float32[0, 4] on cpu");
            assertThat(Tensor.zeros(2).to(Device.META)).hasToString("Tensor float32[2] on meta");
        }
    }

    @Test
    void aSequenceShowsItsLayers() {
        assertThat(Sequential.of(shape(3, 8, 8), conv(4, 3), relu(), flatten(), dense(2)))
                .hasToString("Sequential[0: conv, 1: relu, 2: flatten, 3: dense]");
    }
}
