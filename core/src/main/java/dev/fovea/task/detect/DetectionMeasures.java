package dev.fovea.task.detect;

import dev.fovea.data.RunLengthMask;
import dev.fovea.metrics.detect.CocoMetrics;
import dev.fovea.metrics.detect.ConfidenceMetrics;
import dev.fovea.metrics.detect.ConfidenceResult;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.metrics.detect.Keypoint;
import dev.fovea.metrics.detect.Region;
import dev.fovea.metrics.detect.TideMetrics;
import dev.fovea.metrics.detect.VocMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@link DetectionEvaluation} that is gathered image by image; of masks and keypoints figures are kept alone. */
final class DetectionMeasures {

    private final List<String> classes;
    private final BeyondBoxes beyond;
    private final List<GroundTruth> truths = new ArrayList<>();
    private final List<Detections> founds = new ArrayList<>();
    private final CocoMetrics coco;
    private final VocMetrics voc;
    private final ConfidenceMetrics confidence;
    private final TideMetrics errors;

    DetectionMeasures(List<String> classes, BeyondBoxes beyond) {
        this.classes = classes;
        this.beyond = beyond;
        coco = new CocoMetrics(classes, Region.BOX);
        voc = new VocMetrics(classes, VocMetrics.Edges.EXCLUSIVE);
        confidence = new ConfidenceMetrics(classes, Region.BOX);
        errors = new TideMetrics(classes, Region.BOX);
    }

    /** Takes an image in. */
    void add(GroundTruth truth, List<DetectedObject> objects) {
        Detections found = detections(objects);
        beyond.add(truth, found);
        truths.add(truth.boxesAlone());
        founds.add(found.boxesAlone());
        coco.add(truth, found);
        voc.add(truth, found);
        confidence.add(truth, found);
        errors.add(truth, found);
    }

    private Detections detections(List<DetectedObject> objects) {
        return new Detections(
                objects.stream().map(DetectedObject::box).toList(),
                objects.stream().map(object -> classes.indexOf(object.label())).toList(),
                objects.stream().map(DetectedObject::score).toList(),
                objects.stream()
                        .map(DetectedObject::mask)
                        .flatMap(Optional::stream)
                        .map(RunLengthMask::mask)
                        .toList(),
                objects.stream()
                        .map(DetectedObject::keypoints)
                        .filter(points -> !points.isEmpty())
                        .map(points -> points.stream()
                                .map(point -> new Keypoint(point.x(), point.y(), 2))
                                .toList())
                        .toList());
    }

    /** Of all images, with the least scores that are best on them. */
    DetectionEvaluation evaluation() {
        ConfidenceResult curves = confidence.result();
        List<Double> best = curves.perClass().stream()
                .map(curve -> (curve.bestF1() > 0 ? curve : curves.overall()).bestConfidence())
                .toList();
        return new DetectionEvaluation(
                classes,
                truths,
                founds,
                coco.result(),
                beyond.masks(),
                beyond.keypoints(),
                voc.result(),
                curves,
                errors.result(),
                best,
                DetectionEvaluation.confusion(classes, truths, founds, best));
    }
}
