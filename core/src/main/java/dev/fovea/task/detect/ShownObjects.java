package dev.fovea.task.detect;

import dev.fovea.data.Box;
import dev.fovea.data.Geometry;
import dev.fovea.data.RunLengthMask;
import dev.fovea.data.Skeleton;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.Keypoint;
import dev.fovea.models.DetectionNet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a network has found in what it was shown.
 *
 * @param back from what it was shown to the image
 * @param classes their names
 */
record ShownObjects(DetectionNet.Found found, Geometry back, List<String> classes) {

    private static final List<String> PERSON = Skeleton.COCO_PERSON.names();

    /** In the image; what lies beside it, in the margins that filled it up to the network's size, is left out. */
    List<DetectedObject> objects() {
        var objects = new ArrayList<DetectedObject>();
        for (int i = 0; i < found.count(); i++) {
            Optional<Box> box = back.apply(Box.of(found.boxes(), i), 0);
            if (box.isPresent()) {
                objects.add(new DetectedObject(
                        classes.get(found.labels()[i]), found.scores()[i], box.get(), mask(i), keypoints(i)));
            }
        }
        return objects;
    }

    private Optional<RunLengthMask> mask(int object) {
        return found.masks().isEmpty()
                ? Optional.empty()
                : Optional.of(RunLengthMask.of(back.apply(found.masks().get(object), 0)));
    }

    private List<DetectedPoint> keypoints(int object) {
        int count = points(found);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int at = 3 * (object * count + i);
                    float[] values = found.keypoints();
                    Box place = back.hull(new Box(values[at], values[at + 1], values[at], values[at + 1]));
                    String name = count == PERSON.size() ? PERSON.get(i) : "point " + i;
                    return new DetectedPoint(name, place.left(), place.top(), values[at + 2]);
                })
                .toList();
    }

    /** Points of each object. */
    private static int points(DetectionNet.Found found) {
        return found.count() == 0 ? 0 : found.keypoints().length / found.count() / 3;
    }

    /** What a network has found, in pixels of what it was shown, as metrics take it. */
    static Detections detections(DetectionNet.Found found) {
        var boxes = new ArrayList<Box>();
        var labels = new ArrayList<Integer>();
        var scores = new ArrayList<Double>();
        var keypoints = new ArrayList<List<Keypoint>>();
        int count = points(found);
        for (int i = 0; i < found.count(); i++) {
            boxes.add(Box.of(found.boxes(), i));
            labels.add(found.labels()[i]);
            scores.add((double) found.scores()[i]);
            var own = new ArrayList<Keypoint>();
            for (int at = 3 * i * count; at < 3 * (i + 1) * count; at += 3) {
                own.add(new Keypoint(found.keypoints()[at], found.keypoints()[at + 1], 2));
            }
            keypoints.add(own);
        }
        return new Detections(boxes, labels, scores, found.masks(), count == 0 ? List.of() : keypoints);
    }
}
