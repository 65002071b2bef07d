package dev.fovea.task.detect;

import dev.fovea.data.Box;
import dev.fovea.data.Keypoints;
import dev.fovea.data.RunLengthMask;
import dev.fovea.data.Skeleton;
import dev.fovea.image.Size;
import dev.fovea.report.ObjectDrawing.Marked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object that was found.
 *
 * @param box in pixels of the image, from its upper left corner
 * @param score how sure the model is, 0 to 1
 * @param mask where it is seen, in the size of the image; of models that find masks
 * @param keypoints its points; none of models that find none
 */
public record DetectedObject(
        String label, double score, Box box, Optional<RunLengthMask> mask, List<DetectedPoint> keypoints) {

    public DetectedObject {
        keypoints = List.copyOf(keypoints);
    }

    /** A box alone. */
    public DetectedObject(String label, double score, Box box) {
        this(label, score, box, Optional.empty(), List.of());
    }

    /** The same object in a larger image, of which this one is the part that begins at {@code (left, top)}. */
    DetectedObject within(int left, int top, Size whole) {
        return new DetectedObject(
                label,
                score,
                new Box(box.left() + left, box.top() + top, box.right() + left, box.bottom() + top),
                mask.map(own -> own.within(left, top, whole)),
                keypoints.stream()
                        .map(point -> new DetectedPoint(point.name(), point.x() + left, point.y() + top, point.score()))
                        .toList());
    }

    /** Its points as a data set has them: those that the model is sure of are visible, the others as {@code unsure} says. */
    Optional<Keypoints> points(int unsure) {
        return keypoints.isEmpty()
                ? Optional.empty()
                : Optional.of(new Keypoints(
                        skeleton(),
                        keypoints.stream().mapToDouble(DetectedPoint::x).toArray(),
                        keypoints.stream().mapToDouble(DetectedPoint::y).toArray(),
                        keypoints.stream()
                                .mapToInt(point -> point.score() > 0 ? Keypoints.VISIBLE : unsure)
                                .toArray()));
    }

    private Skeleton skeleton() {
        List<String> names = keypoints.stream().map(DetectedPoint::name).toList();
        return names.equals(Skeleton.COCO_PERSON.names()) ? Skeleton.COCO_PERSON : Skeleton.of(names);
    }

    /**
     * For drawing.
     *
     * @param kind of its colour
     * @param text beside it
     */
    Marked marked(int kind, String text) {
        return new Marked(
                box,
                kind,
                text,
                false,
                mask.map(RunLengthMask::mask).stream().toList(),
                points(Keypoints.UNKNOWN).stream().toList());
    }

    /** By their names in JSON. */
    Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("label", label);
        values.put("score", score);
        values.put("box", List.of(box.left(), box.top(), box.right(), box.bottom()));
        mask.ifPresent(own -> values.put("mask", values(own)));
        if (!keypoints.isEmpty()) {
            values.put("keypoints", keypoints);
        }
        return values;
    }

    /** As COCO's tools read it. */
    private static Map<String, Object> values(RunLengthMask mask) {
        var values = new LinkedHashMap<String, Object>();
        values.put("size", List.of(mask.size().height(), mask.size().width()));
        values.put("counts", mask.counts());
        return values;
    }
}
