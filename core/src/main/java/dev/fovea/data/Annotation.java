package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.Optional;

/**
 * An object as it is annotated.
 *
 * @param box in pixels, or in shares of the image's sides where the format has those
 * @param label among the data set's classes
 * @param ignore as in {@link Target.Objects}
 * @param keypoints empty where nobody has marked any
 * @param place the line of its file, or its number, for messages
 * @param score how sure a model is that has found it, 0 to 1; empty of what people have marked
 */
record Annotation(
        Box box,
        int label,
        boolean ignore,
        Outline outline,
        Optional<Keypoints> keypoints,
        long place,
        Optional<Double> score) {

    /** Of numbers in files, in pixels. */
    private static final double ROUNDING = 1e-3;

    /** One that people have marked. */
    Annotation(Box box, int label, boolean ignore, Outline outline, Optional<Keypoints> keypoints, long place) {
        this(box, label, ignore, outline, keypoints, place, Optional.empty());
    }

    /** In pixels, of one in shares of an image of that size. */
    Annotation scaled(Size size) {
        return new Annotation(
                new Box(
                        box.left() * size.width(),
                        box.top() * size.height(),
                        box.right() * size.width(),
                        box.bottom() * size.height()),
                label,
                ignore,
                outline.scaled(size),
                keypoints.map(points -> new Keypoints(
                        points.skeleton(),
                        Arrays.stream(points.x()).map(x -> x * size.width()).toArray(),
                        Arrays.stream(points.y()).map(y -> y * size.height()).toArray(),
                        points.visibility())),
                place,
                score);
    }

    /** Whether a model has found it and it is too small for data: of a box of a pixel or less no reader knows what is meant. */
    boolean tiny() {
        return score.isPresent() && (box.width() <= 1 || box.height() <= 1);
    }

    /** Whether it is the same object of an image of that size, but perhaps for its class. */
    boolean sameAs(Annotation other, Size size) {
        if (!box.contains(other.box, ROUNDING) || !other.box.contains(box, ROUNDING)) {
            return false;
        }
        boolean drawn = outline.drawn();
        return drawn == other.outline.drawn()
                && (!drawn || outline.mask(size, box).equals(other.outline.mask(size, other.box)));
    }

    Annotation withLabel(int value) {
        return new Annotation(box, value, ignore, outline, keypoints, place, score);
    }

    Annotation withBox(Box value) {
        return new Annotation(value, label, ignore, outline, keypoints, place, score);
    }
}
