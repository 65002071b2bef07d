package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZcaWhiteningTest {

    private static final Preprocess SMALL = Preprocess.of(6, 6, 1).withScaling(Preprocess.Scaling.WHITEN);

    /** Shows what reaches the network. */
    private static final Layer IDENTITY = new Layer() {
        @Override
        public Tensor apply(Tensor x) {
            return x;
        }

        @Override
        public dev.fovea.nn.State state() {
            return dev.fovea.nn.State.none();
        }
    };

    private static Tensor images(Shapes shapes) {
        float[] values = new float[shapes.size() * 36];
        for (int i = 0; i < shapes.size(); i++) {
            byte[] pixels = SMALL.apply(shapes.image(i)).pixels();
            for (int p = 0; p < 36; p++) {
                values[i * 36 + p] = (pixels[p] & 0xFF) / 255f;
            }
        }
        return Tensor.of(values, shapes.size(), 1, 6, 6);
    }

    @Test
    void neighbouringPixelsAreNoLongerCorrelated() {
        var shapes = new Shapes(4, 400, 16);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var whitened = (ZcaWhitening) ZcaWhitening.over(IDENTITY, 36);
            whitened.fit(shapes, SMALL);
            Tensor x = images(shapes);
            double before = correlation(x);
            double after = correlation(whitened.forward(x));
            assertThat(before).isGreaterThan(0.7);
            assertThat(after).isCloseTo(0, within(0.25));
        }
    }

    @Test
    void isExactInsideARegionOfBfloat16() {
        var shapes = new Shapes(4, 60, 16);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var whitened = (ZcaWhitening) ZcaWhitening.over(IDENTITY, 36);
            whitened.fit(shapes, SMALL);
            Tensor x = images(shapes);
            float[] exact = whitened.forward(x).toFloats();
            float[] inside;
            try (var autocast = Autocast.of(Precision.BF16, Device.CPU)) {
                inside = whitened.forward(x).toFloats();
                assertThat(x.reshape(-1, 36).matmul(Tensor.ones(36, 2)).type().name())
                        .isEqualTo("BFLOAT16");
            }
            assertThat(inside).containsExactly(exact);
        }
    }

    @Test
    void refusesLargeImagesAndSaysWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create(
                        "resnet18", Preprocess.of(224, 224, 3).withScaling(Preprocess.Scaling.WHITEN), 10))
                .withMessage("input.normalize=whiten is for images of up to 4096 values (36x36x3), got 150528. "
                        + "Use normalize=data");
    }

    @Test
    void keepsTheNamesOfTheNetworkBelowItsOwn() {
        Module net = Models.create("lenet5", Preprocess.of(32, 32, 1).withScaling(Preprocess.Scaling.WHITEN), 10);
        assertThat(net.state().buffers()).containsKeys("mean", "matrix");
        assertThat(List.copyOf(net.state().parameters().keySet()).get(0)).startsWith("net.");
    }

    /** Of each pixel with its right neighbour. */
    private static double correlation(Tensor x) {
        float[] v = x.toFloats();
        double sum = 0;
        double squares = 0;
        double products = 0;
        int count = 0;
        for (int i = 0; i + 1 < v.length; i++) {
            if (i % 6 < 5) {
                sum += v[i];
                squares += v[i] * v[i];
                products += v[i] * v[i + 1];
                count++;
            }
        }
        double mean = sum / count;
        return (products / count - mean * mean) / (squares / count - mean * mean);
    }
}
