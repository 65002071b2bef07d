package dev.fovea.task.autoencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CorruptionTest {

    private static final int PIXELS = 8 * 32 * 32;

    /** Grey images of three channels, damaged: one row of three values for each pixel. */
    private static float[] damaged(double noise, double saltAndPepper, double masked, long seed) {
        var random = Random.of(new Seed(seed));
        var task = new Reconstruction(noise, saltAndPepper, masked, 0, 0, 1, 0);
        return new Corruption(task)
                .of(Tensor.full(0.5, 8, 3, 32, 32), random)
                .permute(0, 2, 3, 1)
                .contiguous()
                .toFloats();
    }

    /** The share of pixels with this value in all three channels. */
    private static double share(float[] values, float wanted) {
        return IntStream.range(0, PIXELS)
                        .filter(p -> IntStream.range(0, 3).allMatch(c -> values[3 * p + c] == wanted))
                        .count()
                / (double) PIXELS;
    }

    @Test
    void noiseHasItsDeviationOnEveryValue() {
        float[] values = damaged(0.3, 0, 0, 1);
        double mean = 0;
        double squares = 0;
        for (float value : values) {
            mean += (value - 0.5) / values.length;
            squares += (value - 0.5) * (value - 0.5) / values.length;
        }
        assertThat(mean).isCloseTo(0, within(0.01));
        assertThat(Math.sqrt(squares)).isCloseTo(0.3, within(0.01));
        assertThat(values[0]).as("channels differ").isNotEqualTo(values[1]);
    }

    @Test
    void saltAndPepperAreHalfTheShareEachInWholePixels() {
        float[] values = damaged(0, 0.2, 0, 1);
        assertThat(share(values, 0)).isCloseTo(0.1, within(0.01));
        assertThat(share(values, 1)).isCloseTo(0.1, within(0.01));
        assertThat(share(values, 0.5f)).isCloseTo(0.8, within(0.02));
    }

    @Test
    void maskedPixelsAreBlackInAllChannels() {
        float[] values = damaged(0, 0, 0.4, 1);
        assertThat(share(values, 0)).isCloseTo(0.4, within(0.02));
        assertThat(share(values, 0.5f)).isCloseTo(0.6, within(0.02));
    }

    @Test
    void theSeedDecidesAndNothingIsDoneUnasked() {
        assertThat(damaged(0.1, 0.2, 0.3, 1)).isEqualTo(damaged(0.1, 0.2, 0.3, 1));
        assertThat(damaged(0.1, 0.2, 0.3, 1)).isNotEqualTo(damaged(0.1, 0.2, 0.3, 2));
        assertThat(share(damaged(0, 0, 0, 1), 0.5f)).isEqualTo(1);
    }
}
