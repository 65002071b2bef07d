package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.SplittableRandom;

/** How strong an operation is at each step of a policy's range; as torchvision has them. */
enum MagnitudeRange {
    /** Of AutoAugment and RandAugment. */
    USUAL(0.3, 150 / 331.0, 0, 30, 0.9, 8, 4),
    /** Of TrivialAugment: far stronger, shifts in pixels. */
    WIDE(0.99, 0, 32, 135, 0.99, 8, 6),
    /** Of AugMix. */
    MIX(0.3, 1 / 3.0, 0, 30, 0.9, 4, 4);

    private final double shear;
    private final double shift;
    private final double shiftPixels;
    private final double degrees;
    private final double share;
    private final int bits;
    private final int fewerBits;

    /**
     * @param shear slope
     * @param shift of the side
     * @param shiftPixels added to that
     * @param share of brightness, colour, contrast and sharpness
     * @param bits that are left at the weakest
     * @param fewerBits at the strongest
     */
    MagnitudeRange(
            double shear, double shift, double shiftPixels, double degrees, double share, int bits, int fewerBits) {
        this.shear = shear;
        this.shift = shift;
        this.shiftPixels = shiftPixels;
        this.degrees = degrees;
        this.share = share;
        this.bits = bits;
        this.fewerBits = fewerBits;
    }

    /**
     * The magnitude in the operation's own unit.
     *
     * @param step from 0 to below {@code steps}
     */
    double at(Operation operation, int step, int steps, Size size) {
        double last = steps - 1;
        return switch (operation) {
            case SHEAR_X, SHEAR_Y -> shear * step / last;
            case TRANSLATE_X -> (shift * size.width() + shiftPixels) * step / last;
            case TRANSLATE_Y -> (shift * size.height() + shiftPixels) * step / last;
            case ROTATE -> degrees * step / last;
            case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> share * step / last;
            case POSTERIZE -> bits - Math.rint(fewerBits * step / last);
            case SOLARIZE -> 255 - 255 * step / last;
            case IDENTITY, AUTO_CONTRAST, EQUALIZE, INVERT -> 0;
        };
    }

    /** Of an operation that has two directions, one of them. */
    static double eitherWay(Operation operation, double magnitude, SplittableRandom random) {
        return switch (operation) {
            case SHEAR_X, SHEAR_Y, TRANSLATE_X, TRANSLATE_Y, ROTATE, BRIGHTNESS, COLOR, CONTRAST, SHARPNESS ->
                random.nextBoolean() ? magnitude : -magnitude;
            default -> magnitude;
        };
    }
}
