package dev.fovea.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large an image is, in pixels: height first, as in shapes of tensors.
 *
 * @param height above 0
 * @param width above 0
 */
public record Size(int height, int width) {

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})(?:x(\\d{1,9}))?");

    public Size {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "size: height and width must be at least 1, got %sx%s".formatted(height, width));
        }
    }

    /** A square. */
    public static Size square(int side) {
        return new Size(side, side);
    }

    /**
     * A size as it is written: {@code 480x360} is 480 high and 360 wide, {@code 224} a square.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Size of(String text) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            throw new IllegalArgumentException(
                    "a size is HEIGHTxWIDTH in pixels, such as 480x360, or one number for a square, got '%s'"
                            .formatted(text));
        }
        int height = Integer.parseInt(written.group(1));
        return new Size(height, written.group(2) == null ? height : Integer.parseInt(written.group(2)));
    }

    /** Whether height and width are equal. */
    public boolean square() {
        return height == width;
    }

    /**
     * With both sides as a share of these, as the nearest multiples of a number, but no larger than they are.
     *
     * @param share above 0
     * @param multiple of pixels, at least 1
     */
    public Size scaled(double share, int multiple) {
        return new Size(scaled(height, share, multiple), scaled(width, share, multiple));
    }

    private static int scaled(int side, double share, int multiple) {
        return (int) Math.min(side, Math.max(1, Math.round(side * share / multiple)) * multiple);
    }

    /** As {@link #of(String)} reads it. */
    @Override
    public String toString() {
        return square() ? String.valueOf(height) : height + "x" + width;
    }
}
