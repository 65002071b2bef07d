package dev.fovea.image;

/** What stands where an image does not reach; Keras' fill modes. */
public enum Fill {
    /** The nearest pixel of the edge: aaaa|abcd|dddd. */
    NEAREST,
    /** One value. */
    CONSTANT,
    /** Mirrored at the edge: abcddcba|abcd|dcbaabcd. */
    REFLECT,
    /** Repeated: abcdabcd|abcd|abcdabcd. */
    WRAP;

    /** Nowhere: the constant stands there. */
    static final double OUTSIDE = -1;

    /**
     * The place within an image that stands for one outside it.
     *
     * @param at in pixels from the edge, below 0 or at least {@code size}
     * @param size of the image along this axis
     * @return from 0 to below {@code size}, or {@link #OUTSIDE}
     */
    double fold(double at, int size) {
        return switch (this) {
            case NEAREST -> at < 0 ? 0.5 : size - 0.5;
            case CONSTANT -> OUTSIDE;
            case REFLECT -> {
                double m = at - Math.floor(at / (2.0 * size)) * 2 * size;
                yield below(m < size ? m : 2 * size - m, size);
            }
            case WRAP -> below(at - Math.floor(at / size) * size, size);
        };
    }

    private static double below(double at, int size) {
        return Math.max(0, Math.min(at, Math.nextDown((double) size)));
    }
}
