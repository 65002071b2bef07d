package dev.fovea.data;

/**
 * Where what a network is shown lies in the image it was made of, in shares of the image's sides: all of it is
 * {@code 0, 0, 1, 1}. With a frame around the image it begins below 0 and is longer than 1.
 *
 * @param left edge, from the image's left one
 * @param top edge, from the image's top
 * @param width above 0
 * @param height above 0
 */
public record View(double left, double top, double width, double height) {

    /** The whole image and nothing else. */
    public static final View ALL = new View(0, 0, 1, 1);

    /** The other way round: where the image lies in what the network is shown. */
    public View inverse() {
        return new View(-left / width, -top / height, 1 / width, 1 / height);
    }

    /** A place of the image, as a share of its width, in shares of what the network is shown: outside it below 0 or above 1. */
    public double across(double x) {
        return (x - left) / width;
    }

    /** The same of a share of its height. */
    public double down(double y) {
        return (y - top) / height;
    }

    /** Whether a place of the image, in shares of its sides, is shown to the network. */
    public boolean contains(double x, double y) {
        return across(x) >= 0 && across(x) <= 1 && down(y) >= 0 && down(y) <= 1;
    }
}
