package dev.fovea.train;

import dev.fovea.image.Size;
import java.util.Locale;

/**
 * Progressive resizing: training images are small in the first epochs and grow to the full size, so that early epochs cost
 * less. The side rises evenly from epoch to epoch; names and defaults are those of MosaicML's Composer.
 *
 * @param initialScale side in the first epoch as a share of the full one, above 0; 1 is off
 * @param finetuneFraction share of the epochs, the last ones, with images of full size, 0 to below 1
 * @param sizeIncrement both sides are multiples of so many pixels, at least 1
 */
public record ProgressiveResizing(double initialScale, double finetuneFraction, int sizeIncrement) {

    /** Images of one size. */
    public static final ProgressiveResizing NONE = new ProgressiveResizing(1, 0.2, 4);

    public ProgressiveResizing {
        check(
                initialScale > 0 && initialScale <= 1,
                "initialScale must be above 0 to 1 (off)",
                "initialScale",
                initialScale);
        check(
                finetuneFraction >= 0 && finetuneFraction < 1,
                "finetuneFraction must be 0 to below 1",
                "finetuneFraction",
                finetuneFraction);
        check(
                sizeIncrement >= 1 && sizeIncrement <= 1024,
                "sizeIncrement must be 1 to 1024",
                "sizeIncrement",
                sizeIncrement);
    }

    private static void check(boolean fits, String rule, String key, Number got) {
        if (!fits) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "input.progressiveResizing.%s, got input.progressiveResizing.%s=%s", rule, key, got));
        }
    }

    /** Whether there is only one size. */
    public boolean off() {
        return initialScale == 1;
    }

    /**
     * The size of an epoch's images.
     *
     * @param epoch from 1
     * @param full size of the network's input
     */
    public Size at(int epoch, int epochs, Size full) {
        double progress = (epoch - 1) / ((1 - finetuneFraction) * epochs);
        if (off() || progress >= 1) {
            return full;
        }
        double scale = initialScale + (1 - initialScale) * progress;
        return full.scaled(scale, sizeIncrement);
    }
}
