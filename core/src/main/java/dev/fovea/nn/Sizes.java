package dev.fovea.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Products of sizes, which are checked before memory is taken: all that a network is made of comes from text. */
public final class Sizes {

    /** Values of what one layer makes of one image: 512 MB. */
    private static final long MOST = 1L << 27;

    private Sizes() {}

    /** Of which a layer that is read from text can say that it is that one. */
    static final class TooLarge extends IllegalArgumentException {
        TooLarge(String message) {
            super(message);
        }
    }

    /**
     * The product of sizes of one thing, such as the channels, height and width of an image.
     *
     * @throws IllegalArgumentException if one is negative, or there would be more than 134,217,728 values
     */
    public static int product(long... sizes) {
        long product = 1;
        for (long size : sizes) {
            if (size < 0 || (size > 0 && product > MOST / size)) {
                throw new TooLarge(String.format(
                        Locale.ROOT,
                        "sizes of %s are too large: one layer or image has at most %,d values",
                        Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining("x")),
                        MOST));
            }
            product *= size;
        }
        return (int) product;
    }
}
