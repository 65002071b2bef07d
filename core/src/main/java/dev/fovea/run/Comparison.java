package dev.fovea.run;

import dev.fovea.image.Image;
import dev.fovea.metrics.ImageMetrics;

/** How far one image is from another. */
public final class Comparison {

    private Comparison() {}

    /** Peak signal-to-noise ratio in dB of two images of one shape. */
    public static double psnr(Image a, Image b) {
        return ImageMetrics.psnr(mse(a, b));
    }

    /** Mean squared difference, values 0 to 1. */
    public static double mse(Image a, Image b) {
        double sum = 0;
        for (int i = 0; i < a.pixels().length; i++) {
            double difference = ((a.pixels()[i] & 0xFF) - (b.pixels()[i] & 0xFF)) / 255.0;
            sum += difference * difference;
        }
        return sum / a.pixels().length;
    }
}
