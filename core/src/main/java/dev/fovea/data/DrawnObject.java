package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An object as people see and draw it over its image.
 *
 * @param label among the classes
 * @param box in pixels of the image; where there are polygons, the one around them
 * @param polygons x and y of their corners by turns, in pixels; none of an object that has a box alone
 * @param ignore whether finding it is neither right nor wrong, as a crowd
 * @param origin position among the objects that the data itself has of the one whose outline and keypoints it has, exactly; -1 of one that
 *     was drawn
 */
public record DrawnObject(int label, Box box, List<List<Double>> polygons, boolean ignore, int origin) {

    /** Of one that was drawn. */
    public static final int DRAWN = -1;

    private static final int LEAST_CORNERS = 3;

    /** @throws IllegalArgumentException if a polygon has fewer than three corners, or a corner of which only one number is there */
    public DrawnObject {
        polygons = polygons.stream().map(List::copyOf).toList();
        for (List<Double> polygon : polygons) {
            boolean finite = polygon.stream().allMatch(Double::isFinite);
            if (polygon.size() < 2 * LEAST_CORNERS || polygon.size() % 2 != 0 || !finite) {
                throw new IllegalArgumentException(
                        "a polygon needs x and y of at least three corners, got %s".formatted(polygon));
            }
        }
    }

    /** An object with a box alone. */
    public static DrawnObject of(int label, Box box) {
        return new DrawnObject(label, box, List.of(), false, DRAWN);
    }

    /** An object within polygons. */
    public static DrawnObject of(int label, List<List<Double>> polygons) {
        return new DrawnObject(label, around(polygons), polygons, false, DRAWN);
    }

    /**
     * An object as it is annotated.
     *
     * @param size of the image
     * @param tolerance how far a polygon may be from the edge of a mask, in pixels
     */
    static DrawnObject of(Annotation object, Size size, int origin, double tolerance) {
        List<List<Double>> polygons = List.of();
        if (object.outline() instanceof Outline.Polygons own) {
            polygons = own.rings().stream()
                    .filter(ring -> ring.length >= 2 * LEAST_CORNERS)
                    .map(DrawnObject::numbers)
                    .toList();
        } else if (object.outline().drawn()) {
            polygons = MaskPolygons.of(object.outline().mask(size, object.box()), tolerance, 1);
        }
        return new DrawnObject(object.label(), object.box(), polygons, object.ignore(), origin);
    }

    private static List<Double> numbers(float[] ring) {
        return IntStream.range(0, ring.length).mapToObj(i -> (double) ring[i]).toList();
    }

    /** The smallest box around polygons, each x and y of its corners by turns. */
    public static Box around(List<List<Double>> polygons) {
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (List<Double> polygon : polygons) {
            for (int i = 0; i < polygon.size(); i += 2) {
                left = Math.min(left, polygon.get(i));
                right = Math.max(right, polygon.get(i));
                top = Math.min(top, polygon.get(i + 1));
                bottom = Math.max(bottom, polygon.get(i + 1));
            }
        }
        return new Box(left, top, right, bottom);
    }

    /** As a data set has it, all that was not drawn anew as {@code before} has it. */
    Annotation annotation(List<Annotation> before, long place) {
        if (origin >= 0 && origin < before.size()) {
            Annotation own = before.get(origin);
            return new Annotation(own.box(), label, ignore, own.outline(), own.keypoints(), place);
        }
        Outline outline = polygons.isEmpty()
                ? Outline.MISSING
                : new Outline.Polygons(polygons.stream().map(DrawnObject::ring).toList());
        Box whole = polygons.isEmpty() ? box : around(polygons);
        return new Annotation(whole, label, ignore, outline, Optional.empty(), place);
    }

    private static float[] ring(List<Double> polygon) {
        float[] ring = new float[polygon.size()];
        for (int i = 0; i < ring.length; i++) {
            ring[i] = polygon.get(i).floatValue();
        }
        return ring;
    }
}
