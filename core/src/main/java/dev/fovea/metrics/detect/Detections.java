package dev.fovea.metrics.detect;

import dev.fovea.data.Box;
import dev.fovea.data.Mask;
import java.util.List;

/**
 * The objects that were found in one image, in any order.
 *
 * @param boxes one for each object
 * @param labels as many, classes counted from 0
 * @param scores as many, how sure the detector is, 0 to 1
 * @param masks as many, all of the image's size, or none
 * @param keypoints as many, all of one length, or none
 */
public record Detections(
        List<Box> boxes, List<Integer> labels, List<Double> scores, List<Mask> masks, List<List<Keypoint>> keypoints) {

    /** Of an image in which nothing was found. */
    public static final Detections NONE = of(List.of(), List.of(), List.of());

    public Detections {
        boxes = List.copyOf(boxes);
        labels = List.copyOf(labels);
        scores = List.copyOf(scores);
        masks = List.copyOf(masks);
        keypoints = keypoints.stream().map(List::copyOf).toList();
        int count = boxes.size();
        if (labels.size() != count
                || scores.size() != count
                || !masks.isEmpty() && masks.size() != count
                || !keypoints.isEmpty() && keypoints.size() != count) {
            throw new IllegalArgumentException(
                    "detections: each needs a box, a label and a score, and all or none the rest, got %s boxes, %s labels, %s scores, %s masks, %s keypoints"
                            .formatted(count, labels.size(), scores.size(), masks.size(), keypoints.size()));
        }
        ClassObjects.check("detections", labels, masks, keypoints);
        for (double score : scores) {
            if (!(score >= 0 && score <= 1)) {
                throw new IllegalArgumentException("detections: scores must be from 0 to 1, got " + score);
            }
        }
    }

    /** Boxes alone. */
    public static Detections of(List<Box> boxes, List<Integer> labels, List<Double> scores) {
        return new Detections(boxes, labels, scores, List.of(), List.of());
    }

    /** Without masks and keypoints, which need much room. */
    public Detections boxesAlone() {
        return of(boxes, labels, scores);
    }

    public Detections withMasks(List<Mask> value) {
        return new Detections(boxes, labels, scores, value, keypoints);
    }

    public Detections withKeypoints(List<List<Keypoint>> value) {
        return new Detections(boxes, labels, scores, masks, value);
    }

    /** Objects. */
    public int size() {
        return boxes.size();
    }
}
