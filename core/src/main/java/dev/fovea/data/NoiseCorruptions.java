package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.SplittableRandom;

/** Noise, drawn for each value of each pixel. */
final class NoiseCorruptions {

    private NoiseCorruptions() {}

    static Image gaussian(Image image, double[] deviation, SplittableRandom random) {
        FloatImage levels = FloatImage.of(image);
        float[] values = levels.values();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (deviation[0] * Distributions.gaussian(random));
        }
        return levels.image();
    }

    /** Shot noise: pixels are Poisson counts, with {@code photons} as the mean count of a white one. */
    static Image shot(Image image, double[] photons, SplittableRandom random) {
        FloatImage levels = FloatImage.of(image);
        float[] values = levels.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Distributions.poisson(values[i] * photons[0], random) / photons[0]);
        }
        return levels.image();
    }

    /** Salt and pepper. */
    static Image impulse(Image image, double[] share, SplittableRandom random) {
        byte[] pixels = image.pixels().clone();
        for (int i = 0; i < pixels.length; i++) {
            if (random.nextDouble() <= share[0]) {
                pixels[i] = (byte) (random.nextBoolean() ? 255 : 0);
            }
        }
        return new Image(image.width(), image.height(), image.channels(), pixels);
    }
}
