package dev.fovea.task.detect;

import dev.fovea.data.Box;
import dev.fovea.metrics.detect.CocoMetrics;
import dev.fovea.metrics.detect.CocoResult;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.metrics.detect.KeypointMetrics;
import dev.fovea.metrics.detect.KeypointResult;
import dev.fovea.metrics.detect.Region;
import dev.fovea.models.DetectionNet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** COCO's figures of masks and of keypoints, as far as the network finds them and the data has them, gathered image by image. */
final class BeyondBoxes {

    /** Share of its box that a person covers, for objects without masks: as xtcocotools has it. */
    private static final double COVERED = 0.53;

    private final CocoMetrics masks;
    private final KeypointMetrics keypoints;
    private boolean hasMasks;
    private boolean hasKeypoints;
    private boolean lacksMasks;
    private boolean lacksKeypoints;

    BeyondBoxes(List<String> classes, DetectionNet net) {
        masks = new CocoMetrics(classes, Region.MASK);
        keypoints = new KeypointMetrics(classes, KeypointMetrics.COCO_SIGMAS);
        lacksMasks = !net.findsMasks();
        lacksKeypoints = !net.findsKeypoints();
    }

    /** Takes an image in. */
    void add(GroundTruth truth, Detections found) {
        boolean empty = truth.size() == 0;
        lacksMasks |= !empty && truth.masks().isEmpty();
        lacksKeypoints |= !empty && points(truth) != KeypointMetrics.COCO_SIGMAS.size();
        if (!lacksMasks) {
            hasMasks |= !empty;
            masks.add(truth, found);
        }
        if (!lacksKeypoints) {
            hasKeypoints |= !empty;
            keypoints.add(truth.masks().isEmpty() ? covered(truth) : truth, found);
        }
    }

    private static int points(GroundTruth truth) {
        return truth.keypoints().isEmpty() ? 0 : truth.keypoints().get(0).size();
    }

    private static GroundTruth covered(GroundTruth truth) {
        return truth.withAreas(truth.boxes().stream()
                .map(Box::area)
                .map(area -> COVERED * area)
                .toList());
    }

    /** Of masks; none where the network finds none or an object has none. */
    Optional<CocoResult> masks() {
        return hasMasks && !lacksMasks ? Optional.of(masks.result()) : Optional.empty();
    }

    /** Of keypoints; none where the network finds none or an object has other ones than those of COCO's persons. */
    Optional<KeypointResult> keypoints() {
        return hasKeypoints && !lacksKeypoints ? Optional.of(keypoints.result()) : Optional.empty();
    }

    /** COCO's names with {@code what} before them: {@code map50} is {@code maskMap50}. */
    static Map<String, Double> named(String what, Map<String, Double> values) {
        var named = new LinkedHashMap<String, Double>();
        values.forEach(
                (name, value) -> named.put(what + Character.toUpperCase(name.charAt(0)) + name.substring(1), value));
        return named;
    }
}
