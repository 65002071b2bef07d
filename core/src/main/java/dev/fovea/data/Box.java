package dev.fovea.data;

import java.util.Locale;

/**
 * A rectangle in an image, in pixels from its upper left corner; a box of one pixel is 1 wide.
 *
 * @param left edge
 * @param top edge
 * @param right edge, exclusive, at least {@code left}
 * @param bottom edge, exclusive, at least {@code top}
 */
public record Box(double left, double top, double right, double bottom) {

    public Box {
        if (!(right >= left && bottom >= top) || !Double.isFinite(right - left + bottom - top)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "box: left to right and top to bottom must be finite and not run backwards, got (%s, %s, %s, %s)",
                    left,
                    top,
                    right,
                    bottom));
        }
    }

    /**
     * One of many as a network gives them; where its edges have changed places, it is empty.
     *
     * @param boxes left, top, right and bottom of each, one behind the other
     */
    public static Box of(float[] boxes, int index) {
        float left = boxes[4 * index];
        float top = boxes[4 * index + 1];
        return new Box(left, top, Math.max(left, boxes[4 * index + 2]), Math.max(top, boxes[4 * index + 3]));
    }

    public double width() {
        return right - left;
    }

    public double height() {
        return bottom - top;
    }

    /** In square pixels. */
    public double area() {
        return width() * height();
    }

    /** What both boxes cover; of no area where they do not meet. */
    public Box intersection(Box other) {
        double fromX = Math.max(left, other.left);
        double fromY = Math.max(top, other.top);
        return new Box(
                fromX,
                fromY,
                Math.max(fromX, Math.min(right, other.right)),
                Math.max(fromY, Math.min(bottom, other.bottom)));
    }

    /** Intersection over union, from 0 to 1; 0 of two empty boxes. */
    public double iou(Box other) {
        double both = intersection(other).area();
        double either = area() + other.area() - both;
        return either > 0 ? both / either : 0;
    }

    /** Whether {@code other} lies in this box, to within {@code tolerance} pixels. */
    public boolean contains(Box other, double tolerance) {
        return other.left >= left - tolerance
                && other.top >= top - tolerance
                && other.right <= right + tolerance
                && other.bottom <= bottom + tolerance;
    }
}
