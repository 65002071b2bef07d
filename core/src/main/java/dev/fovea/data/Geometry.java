package dev.fovea.data;

import dev.fovea.image.Fill;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Projective;
import dev.fovea.image.Sampler;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where everything in an image goes: a projective map from one size to another, affine for most. Drawn once, it moves the image, boxes,
 * masks and labels of pixels alike, joins with the next into one map, and can be undone.
 *
 * @param from the size it is for
 * @param to the size it leads to
 * @param back from coordinates of the output to those of the input, in pixels from the upper left corner
 */
public record Geometry(Size from, Size to, Projective back) {

    /** Moves nothing. */
    public static Geometry identity(Size size) {
        return new Geometry(size, size, Projective.IDENTITY);
    }

    /** Both sides scaled to fit. */
    public static Geometry resize(Size from, Size to) {
        return new Geometry(
                from, to, Projective.scale(from.width() / (double) to.width(), from.height() / (double) to.height()));
    }

    /**
     * The rectangle of size {@code to} with its upper left corner at {@code (left, top)}, which may lie outside the
     * image in part: a frame.
     */
    public static Geometry part(Size from, double left, double top, Size to) {
        return new Geometry(from, to, Projective.translate(left, top));
    }

    /** Mirrored left to right. */
    public static Geometry mirror(Size size) {
        return new Geometry(size, size, Projective.affine(-1, 0, size.width(), 0, 1, 0));
    }

    /** Turned upside down, top to bottom. */
    public static Geometry upsideDown(Size size) {
        return new Geometry(size, size, Projective.affine(1, 0, 0, 0, -1, size.height()));
    }

    /** Moved to the right and down, in pixels. */
    public static Geometry translate(Size size, double right, double down) {
        return new Geometry(size, size, Projective.translate(-right, -down));
    }

    /** Turned about the middle, counter-clockwise. */
    public static Geometry rotate(Size size, double degrees) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        return centred(size, cos, -sin, sin, cos);
    }

    /** Rows slid to the left the more, the lower they lie, about the middle; angles either way below 90 degrees. */
    public static Geometry shear(Size size, double degrees) {
        return centred(size, 1, Math.tan(Math.toRadians(degrees)), 0, 1);
    }

    /**
     * Seen at an angle: the corners of the image lie elsewhere.
     *
     * @param x where the upper left, upper right, lower right and lower left corner come to lie, in pixels
     * @param y the same
     */
    public static Geometry perspective(Size size, double[] x, double[] y) {
        return new Geometry(size, size, Projective.corners(size, x, y).inverse());
    }

    /** Enlarged about the middle, or shrunk by factors below 1. */
    public static Geometry zoom(Size size, double across, double down) {
        return centred(size, 1 / across, 0, 0, 1 / down);
    }

    private static Geometry centred(Size size, double xx, double xy, double yx, double yy) {
        double x = size.width() / 2.0;
        double y = size.height() / 2.0;
        return new Geometry(size, size, Projective.affine(xx, xy, x - xx * x - xy * y, yx, yy, y - yx * x - yy * y));
    }

    /**
     * This and then {@code next}, as one.
     *
     * @throws IllegalArgumentException if {@code next} is not for the size that this leads to
     */
    public Geometry then(Geometry next) {
        if (!next.from.equals(to)) {
            throw new IllegalArgumentException(
                    "geometry: the next must be for the size this leads to, %s, got %s".formatted(to, next.from));
        }
        return new Geometry(from, next.to, next.back.then(back));
    }

    /** What undoes this: everything goes back to where it was, and an output becomes an input. */
    public Geometry inverse() {
        return new Geometry(to, from, back.inverse());
    }

    /** Whether a place of the output, in pixels, comes from within the input. */
    public boolean covers(double x, double y) {
        return inside(back.x(x, y), back.y(x, y), from);
    }

    private static boolean inside(double x, double y, Size size) {
        return x >= 0 && y >= 0 && x < size.width() && y < size.height();
    }

    /** The image in its new place, made in one resampling pass, antialiased. */
    public Image apply(Image image, Filter filter, Fill fill, int fillValue) {
        return apply(image, filter, true, fill, fillValue);
    }

    /** The same with or without antialiasing. */
    public Image apply(Image image, Filter filter, boolean antialias, Fill fill, int fillValue) {
        return Sampler.of(List.of(step(fill, fillValue)), to, filter, antialias).apply(image);
    }

    /** This as one of several maps that are done in one pass. */
    Sampler.Step step(Fill fill, int fillValue) {
        return new Sampler.Step(back, from, fill, fillValue);
    }

    /** The box around the corners of {@code box} in their new places, which may lie outside the output. */
    public Box hull(Box box) {
        Projective forward = back.inverse();
        double[] x = {
            forward.x(box.left(), box.top()),
            forward.x(box.right(), box.top()),
            forward.x(box.left(), box.bottom()),
            forward.x(box.right(), box.bottom())
        };
        double[] y = {
            forward.y(box.left(), box.top()),
            forward.y(box.right(), box.top()),
            forward.y(box.left(), box.bottom()),
            forward.y(box.right(), box.bottom())
        };
        Arrays.sort(x);
        Arrays.sort(y);
        return new Box(x[0], y[0], x[3], y[3]);
    }

    /**
     * What can be seen of a box in its new place: {@link #hull} without what lies outside.
     *
     * @param leastVisible share of the hull's area, from 0 to 1, below which nothing is left
     */
    public Optional<Box> apply(Box box, double leastVisible) {
        Box hull = hull(box);
        Box seen = hull.intersection(new Box(0, 0, to.width(), to.height()));
        return seen.area() > 0 && seen.area() >= leastVisible * hull.area() ? Optional.of(seen) : Optional.empty();
    }

    /**
     * A mask in its new place; each pixel is that in whose middle it falls.
     *
     * @param outside what stands where the mask does not reach, 0 to 255
     */
    public Mask apply(Mask mask, int outside) {
        if (!mask.size().equals(from)) {
            throw new IllegalArgumentException("geometry: made for a mask of %s, got %s".formatted(from, mask.size()));
        }
        Image values = new Image(from.width(), from.height(), 1, mask.values());
        return new Mask(
                to, apply(values, Filter.NEAREST, Fill.CONSTANT, outside).pixels());
    }

    /**
     * Points in their new places; those that come to lie outside are no longer known. In a mirrored image left and right
     * change places.
     */
    public Keypoints apply(Keypoints points) {
        Projective forward = back.inverse();
        boolean swaps = forward.determinant(from.width() / 2.0, from.height() / 2.0) < 0;
        int count = points.x().length;
        double[] x = new double[count];
        double[] y = new double[count];
        int[] visibility = new int[count];
        for (int i = 0; i < count; i++) {
            double atX = forward.x(points.x()[i], points.y()[i]);
            double atY = forward.y(points.x()[i], points.y()[i]);
            boolean seen = atX >= 0 && atY >= 0 && atX <= to.width() && atY <= to.height();
            if (seen && points.visibility()[i] != Keypoints.UNKNOWN) {
                int place = swaps ? points.skeleton().mirrored().get(i) : i;
                x[place] = atX;
                y[place] = atY;
                visibility[place] = points.visibility()[i];
            }
        }
        return new Keypoints(points.skeleton(), x, y, visibility);
    }

    /**
     * A target in its new place. Where objects have masks, a box is that of what its moved mask shows; pixels from
     * outside the image are ignored.
     *
     * @param leastVisible share of an object that must be seen, from 0 to 1: what is seen less is left out
     * @param filter for the image of a {@link Target.Paired}
     */
    public Target apply(Target target, double leastVisible, Filter filter) {
        if (target instanceof Target.Objects objects) {
            return moved(objects, leastVisible);
        }
        if (target instanceof Target.PixelLabels labels) {
            return new Target.PixelLabels(apply(labels.classes(), Target.IGNORED));
        }
        if (target instanceof Target.Paired pair) {
            return new Target.Paired(apply(pair.wanted(), filter, Fill.NEAREST, 0));
        }
        return target;
    }

    private Target moved(Target.Objects objects, double leastVisible) {
        var boxes = new ArrayList<Box>();
        var masks = new ArrayList<Mask>();
        var kept = new ArrayList<Integer>();
        for (int i = 0; i < objects.boxes().size(); i++) {
            Optional<Box> seen;
            if (objects.masks().isEmpty()) {
                seen = apply(objects.boxes().get(i), leastVisible);
            } else {
                Mask before = objects.masks().get(i);
                Mask mask = apply(before, 0);
                double whole = growth(objects.boxes().get(i)) * before.count();
                seen = mask.count() < leastVisible * whole ? Optional.empty() : mask.box();
                seen.ifPresent(box -> masks.add(mask));
            }
            if (seen.isPresent()) {
                boxes.add(seen.get());
                kept.add(i);
            }
        }
        List<Keypoints> points = objects.keypoints().isEmpty()
                ? List.of()
                : kept.stream().map(i -> apply(objects.keypoints().get(i))).toList();
        return objects.taken(kept.stream().mapToInt(Integer::intValue).toArray(), boxes, masks, points);
    }

    /** By how much the area of what is in a box grows. */
    private double growth(Box box) {
        return Math.abs(back.inverse().determinant((box.left() + box.right()) / 2, (box.top() + box.bottom()) / 2));
    }

    /**
     * A map of values of the output brought back onto the input.
     *
     * @param map [rows][columns] of any size, spread evenly over the output and read bilinearly
     * @param outside what stands where the output does not show the input
     * @return one value for each pixel of the input, [height][width]
     */
    public float[][] toInput(float[][] map, float outside) {
        Projective forward = back.inverse();
        double rows = map.length / (double) to.height();
        double columns = map[0].length / (double) to.width();
        var out = new float[from.height()][from.width()];
        for (int y = 0; y < from.height(); y++) {
            for (int x = 0; x < from.width(); x++) {
                double atX = forward.x(x + 0.5, y + 0.5);
                double atY = forward.y(x + 0.5, y + 0.5);
                out[y][x] = inside(atX, atY, to) ? bilinear(map, atX * columns - 0.5, atY * rows - 0.5) : outside;
            }
        }
        return out;
    }

    private static float bilinear(float[][] map, double x, double y) {
        double atX = Math.max(0, Math.min(map[0].length - 1, x));
        double atY = Math.max(0, Math.min(map.length - 1, y));
        int x0 = (int) atX;
        int y0 = (int) atY;
        int x1 = Math.min(map[0].length - 1, x0 + 1);
        int y1 = Math.min(map.length - 1, y0 + 1);
        double upper = map[y0][x0] + (atX - x0) * (map[y0][x1] - map[y0][x0]);
        double lower = map[y1][x0] + (atX - x0) * (map[y1][x1] - map[y1][x0]);
        return (float) (upper + (atY - y0) * (lower - upper));
    }
}
