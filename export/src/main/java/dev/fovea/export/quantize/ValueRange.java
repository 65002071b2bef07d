package dev.fovea.export.quantize;

/**
 * The numbers that a value of a graph takes, and with how many steps of 8 bits they are told apart.
 *
 * @param low not above 0
 * @param high not below 0
 */
record ValueRange(float low, float high) {

    private static final int STEPS = 255;

    /** Extended to hold 0, which padding needs exactly; never empty. */
    static ValueRange of(double low, double high) {
        double least = Math.min(0, low);
        double most = Math.max(0, high);
        return least == most ? new ValueRange(0, 1) : new ValueRange((float) least, (float) most);
    }

    /** The difference of two neighbouring numbers. */
    float scale() {
        return Math.max((high - low) / STEPS, Float.MIN_NORMAL);
    }

    /** The byte, 0 to 255, that stands for 0. */
    int zero() {
        return Math.min(STEPS, Math.max(0, Math.round(-low / scale())));
    }
}
