package dev.fovea.task.detect;

import dev.fovea.data.Dataset;
import dev.fovea.metrics.detect.CocoResult;
import dev.fovea.metrics.detect.ConfidenceResult;
import dev.fovea.metrics.detect.DetectionConfusion;
import dev.fovea.metrics.detect.DetectionConfusionResult;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.metrics.detect.KeypointResult;
import dev.fovea.metrics.detect.Region;
import dev.fovea.metrics.detect.TideResult;
import dev.fovea.metrics.detect.VocResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How good a detector is on some images.
 *
 * @param classes their names
 * @param truth of each image
 * @param found in each image, all that could be an object
 * @param coco COCO's twelve figures
 * @param masks COCO's twelve figures of masks; none where the network finds none or the data has none
 * @param keypoints COCO's ten figures of keypoints; none where the network finds none or the data has none
 * @param voc PASCAL VOC's average precisions
 * @param confidence what a higher or lower least score would give
 * @param errors what each kind of error costs
 * @param confidences least score of each class's answers
 * @param confusion at these scores
 */
public record DetectionEvaluation(
        List<String> classes,
        List<GroundTruth> truth,
        List<Detections> found,
        CocoResult coco,
        Optional<CocoResult> masks,
        Optional<KeypointResult> keypoints,
        VocResult voc,
        ConfidenceResult confidence,
        TideResult errors,
        List<Double> confidences,
        DetectionConfusionResult confusion) {

    public DetectionEvaluation {
        classes = List.copyOf(classes);
        truth = List.copyOf(truth);
        found = List.copyOf(found);
        confidences = List.copyOf(confidences);
    }

    /** With other least scores. */
    DetectionEvaluation at(IntToDoubleFunction threshold) {
        List<Double> chosen = IntStream.range(0, classes.size())
                .mapToObj(threshold::applyAsDouble)
                .toList();
        return new DetectionEvaluation(
                classes,
                truth,
                found,
                coco,
                masks,
                keypoints,
                voc,
                confidence,
                errors,
                chosen,
                confusion(classes, truth, found, chosen));
    }

    /** What is taken for what by answers of at least these scores. */
    static DetectionConfusionResult confusion(
            List<String> classes, List<GroundTruth> truth, List<Detections> found, List<Double> confidences) {
        var confusion = new DetectionConfusion(classes, Region.BOX, 0);
        for (int i = 0; i < truth.size(); i++) {
            confusion.add(truth.get(i), answered(found.get(i), confidences));
        }
        return confusion.result();
    }

    /** Of what could be an object what is answered. */
    static Detections answered(Detections found, List<Double> confidences) {
        List<Integer> kept = IntStream.range(0, found.size())
                .filter(i ->
                        found.scores().get(i) >= confidences.get(found.labels().get(i)))
                .boxed()
                .toList();
        return Detections.of(
                kept.stream().map(found.boxes()::get).toList(),
                kept.stream().map(found.labels()::get).toList(),
                kept.stream().map(found.scores()::get).toList());
    }

    /** What was answered about image {@code index}. */
    Detections answered(int index) {
        return answered(found.get(index), confidences);
    }

    /** By the names of the command line's JSON; those that cannot be said of these images are left out. */
    public Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<>(coco.values());
        masks.ifPresent(result -> metrics.putAll(BeyondBoxes.named("mask", result.values())));
        keypoints.ifPresent(result -> metrics.putAll(BeyondBoxes.named("keypoint", result.values())));
        metrics.put("vocAp50", voc.area());
        metrics.put("bestF1", confidence.overall().bestF1());
        metrics.put("precision", precision());
        metrics.put("recall", recall());
        metrics.values().removeIf(value -> Double.isNaN(value));
        return metrics;
    }

    /** Share of the answers that are right in class and place. */
    double precision() {
        long right = 0;
        long all = 0;
        for (int row = 0; row <= classes.size(); row++) {
            for (int column = 0; column < classes.size(); column++) {
                long count = confusion.counts().get(row).get(column);
                right += row == column ? count : 0;
                all += count;
            }
        }
        return all == 0 ? Double.NaN : right / (double) all;
    }

    /** Share of the objects that are found, in class and place. */
    double recall() {
        long right = 0;
        long all = 0;
        for (int row = 0; row < classes.size(); row++) {
            for (int column = 0; column <= classes.size(); column++) {
                long count = confusion.counts().get(row).get(column);
                right += row == column ? count : 0;
                all += count;
            }
        }
        return all == 0 ? Double.NaN : right / (double) all;
    }

    /** What a package keeps: the least score of each class, and of all. */
    Map<String, Double> thresholds() {
        var thresholds = new LinkedHashMap<String, Double>();
        thresholds.put(Detector.ALL, confidence.overall().bestConfidence());
        for (int i = 0; i < classes.size(); i++) {
            thresholds.put(classes.get(i), confidences.get(i));
        }
        return thresholds;
    }

    /** What is more than a number. */
    Map<String, Object> details() {
        var details = new LinkedHashMap<String, Object>();
        details.put("perClass", coco.perClass());
        masks.ifPresent(result -> details.put("perClassMasks", result.perClass()));
        keypoints.ifPresent(result -> details.put("perClassKeypoints", result.perClass()));
        details.put("confusion", confusion);
        details.put(
                "errors",
                errors.costs().stream()
                        .map(cost -> Map.of(
                                "error", cost.error().name().toLowerCase(Locale.ROOT),
                                "count", cost.count(),
                                "gain", cost.gain()))
                        .toList());
        return details;
    }

    /** Of each class what is said of its masks and its keypoints, by the heading of its average precision. */
    Map<String, List<CocoResult.PerClass>> beyondBoxes() {
        var beyond = new LinkedHashMap<String, List<CocoResult.PerClass>>();
        masks.ifPresent(result -> beyond.put("mask AP", result.perClass()));
        keypoints.ifPresent(result -> beyond.put("keypoint AP", result.perClass()));
        return beyond;
    }

    /** For people. */
    String table() {
        var text = new StringBuilder();
        int width = Math.max(5, classes.stream().mapToInt(String::length).max().orElse(5));
        text.append(String.format(
                Locale.ROOT,
                "%-" + width + "s  %8s  %8s  %8s  %10s  %8s",
                "class",
                "AP",
                "AP50",
                "F1",
                "confidence",
                "objects"));
        beyondBoxes().keySet().forEach(heading -> text.append(String.format(Locale.ROOT, "  %11s", heading)));
        text.append(System.lineSeparator());
        for (int i = 0; i < classes.size(); i++) {
            CocoResult.PerClass one = coco.perClass().get(i);
            text.append(String.format(
                    Locale.ROOT,
                    "%-" + width + "s  %8.4f  %8.4f  %8.4f  %10.3f  %,8d",
                    one.name(),
                    one.averagePrecision(),
                    one.averagePrecision50(),
                    confidence.perClass().get(i).f1At(confidences.get(i)),
                    confidences.get(i),
                    one.support()));
            for (List<CocoResult.PerClass> more : beyondBoxes().values()) {
                text.append(String.format(Locale.ROOT, "  %11.4f", more.get(i).averagePrecision()));
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    /** A row for each answer, the first one their header. */
    List<List<Object>> rows(Dataset data) {
        var rows = new ArrayList<List<Object>>();
        rows.add(List.of("path", "label", "score", "left", "top", "right", "bottom"));
        for (int i = 0; i < found.size(); i++) {
            Detections answers = answered(i);
            for (int j = 0; j < answers.size(); j++) {
                var box = answers.boxes().get(j);
                rows.add(List.of(
                        data.name(i),
                        classes.get(answers.labels().get(j)),
                        answers.scores().get(j),
                        box.left(),
                        box.top(),
                        box.right(),
                        box.bottom()));
            }
        }
        return rows;
    }

    /** Wrong answers and missed objects of image {@code index}: [missed, false alarms]. */
    int[] mistakes(int index) {
        var confusion = new DetectionConfusion(classes, Region.BOX, 0);
        confusion.add(truth.get(index), answered(index));
        var counts = confusion.result().counts();
        int missed = 0;
        int wrong = 0;
        for (int row = 0; row <= classes.size(); row++) {
            for (int column = 0; column <= classes.size(); column++) {
                int count = counts.get(row).get(column).intValue();
                missed += row < classes.size() && column != row ? count : 0;
                wrong += column < classes.size() && column != row ? count : 0;
            }
        }
        return new int[] {missed, wrong};
    }
}
