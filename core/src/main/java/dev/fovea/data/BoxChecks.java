package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether the numbers of an annotated box can be meant, and what of it lies in the image. */
final class BoxChecks {

    /** The image where places are shares of its sides. */
    static final Size WHOLE = new Size(1, 1);

    /** What rounding makes of an edge, in pixels and in shares. */
    private static final double PIXELS = 0.01;

    private static final double SHARES = 5e-4;

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?");

    private BoxChecks() {}

    /** A box with what is wrong with it: one of the two is there. */
    record Checked(Optional<Box> box, String fault) {
        static Checked of(Box box) {
            return new Checked(Optional.of(box), "");
        }

        static Checked fault(String what) {
            return new Checked(Optional.empty(), what);
        }
    }

    /** A number as files have it, also one that is not finite; empty if it is none. */
    static Optional<Double> parsed(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.matches("[+-]?(nan|inf|infinity)")) {
            return Optional.of(Double.NaN);
        }
        return NUMBER.matcher(word).matches() ? Optional.of(Double.parseDouble(word)) : Optional.empty();
    }

    /** A box in pixels, as it is written. */
    static Checked pixels(double left, double top, double right, double bottom) {
        Checked checked = sized(left, top, right, bottom);
        return checked.box().isPresent() && areShares(left, top, right, bottom)
                ? Checked.fault(
                        "the box %s is in shares of the image, it seems. Expected pixels: multiply it by the image's width and height"
                                .formatted(text(left, top, right, bottom)))
                : checked;
    }

    /** Whether numbers that are to be pixels are shares of an image, more likely than not. */
    static boolean areShares(double... numbers) {
        return Arrays.stream(numbers).allMatch(n -> n >= 0 && n <= 1)
                && Arrays.stream(numbers).anyMatch(n -> n != Math.rint(n));
    }

    /** A box in shares of the image's width and height, as it is written. */
    static Checked shares(double left, double top, double right, double bottom) {
        return sized(left, top, right, bottom);
    }

    private static Checked sized(double left, double top, double right, double bottom) {
        String box = text(left, top, right, bottom);
        if (!Double.isFinite(left + top + right + bottom)) {
            return Checked.fault("the box %s has a number that is not finite. Correct or remove it".formatted(box));
        }
        if (right < left || bottom < top) {
            return Checked.fault(
                    "the box %s has a negative size. Expected left before right and top before bottom: correct or remove it"
                            .formatted(box));
        }
        if (right == left || bottom == top) {
            return Checked.fault("the box %s has no area. Correct or remove it".formatted(box));
        }
        return Checked.of(new Box(left, top, right, bottom));
    }

    /** What of a box, in pixels, lies in an image of that size. */
    static Checked inside(Box box, Size size) {
        var image = new Box(0, 0, size.width(), size.height());
        if (image.contains(box, 0)) {
            return Checked.of(box);
        }
        Box seen = box.intersection(image);
        return seen.area() > 0
                ? Checked.of(seen)
                : Checked.fault("the box %s lies outside the image%s. Correct or remove it"
                        .formatted(
                                text(box.left(), box.top(), box.right(), box.bottom()),
                                size.equals(WHOLE) ? "" : " of %sx%s pixels".formatted(size.width(), size.height())));
    }

    /** Whether more than rounding lies outside an image of that size. */
    static boolean clipped(Box box, Size size) {
        return !new Box(0, 0, size.width(), size.height()).contains(box, size.equals(WHOLE) ? SHARES : PIXELS);
    }

    private static String text(double left, double top, double right, double bottom) {
        return "(%s, %s, %s, %s)".formatted(number(left), number(top), number(right), number(bottom));
    }

    /** Without a point where there is nothing behind it, and with few digits. */
    static String number(double value) {
        if (!Double.isFinite(value) || Math.abs(value) >= 1e15) {
            return String.valueOf(value);
        }
        double rounded = Math.rint(value * 1e4) / 1e4;
        return rounded == Math.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
    }
}
