package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.Box;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.metrics.detect.CocoResult;
import dev.fovea.metrics.detect.ConfidenceResult;
import dev.fovea.metrics.detect.DetectionError;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.metrics.detect.ObjectVerdicts;
import dev.fovea.run.answers.ObjectAnswers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Of a detector. */
final class ObjectView extends View {

    private final ObjectAnswers answers;
    private final ConfidenceResult curves;

    ObjectView(Study study, ObjectAnswers answers) {
        super(study);
        this.answers = answers;
        curves = answers.curves();
    }

    @Override
    Map<String, Object> summary() {
        CocoResult coco = answers.coco();
        Map<String, Object> summary = head();
        summary.put("confidences", answers.confidences());
        summary.put("bestConfidence", curves.overall().bestConfidence());
        summary.put(
                "averagePrecision",
                curves.perClass().stream()
                        .map(curve -> curve.points().averagePrecision())
                        .toList());
        summary.put("perClassMap", coco.perClass());
        return summary;
    }

    @Override
    Map<String, Object> at(OptionalDouble threshold) {
        ObjectAnswers.Figures figures = answers(threshold).figures();
        var values = new LinkedHashMap<String, Object>();
        values.put("overall", row(figures.overall()));
        values.put("perClass", figures.perClass().stream().map(ObjectView::row).toList());
        var errors = new LinkedHashMap<String, Long>();
        for (DetectionError error : DetectionError.values()) {
            errors.put(word(error), figures.errors().getOrDefault(error, 0L));
        }
        values.put("errors", errors);
        return values;
    }

    private static String word(DetectionError error) {
        return error.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> row(ObjectAnswers.PerClass one) {
        var row = new LinkedHashMap<String, Object>();
        row.put("name", one.name());
        row.put("right", one.right());
        row.put("wrong", one.wrong());
        row.put("support", one.support());
        row.put("precision", one.precision());
        row.put("recall", one.recall());
        row.put("f1", one.f1());
        return row;
    }

    @Override
    int firstCurve() {
        return -1;
    }

    @Override
    PrecisionRecall curve(int label) {
        return label < 0
                ? curves.overall().points()
                : curves.perClass().get(label).points();
    }

    @Override
    List<Integer> pick(Pick pick) {
        ObjectAnswers at = answers(pick.threshold());
        return switch (pick.of()) {
            case "worst" -> at.worst();
            case "error" -> at.withError(error(pick.word()));
            default -> super.pick(pick);
        };
    }

    private static DetectionError error(String word) {
        for (DetectionError error : DetectionError.values()) {
            if (word(error).equals(word)) {
                return error;
            }
        }
        throw new IllegalArgumentException("kind: there is no error '%s'".formatted(word));
    }

    @Override
    ObjectAnswers answers(OptionalDouble threshold) {
        return threshold.isPresent() ? answers.at(threshold.getAsDouble()) : answers;
    }

    /** True boxes, and found ones with what is right and wrong of them. */
    @Override
    Map<String, Object> item(int answer, OptionalDouble threshold) {
        ObjectAnswers at = answers(threshold);
        ObjectVerdicts verdicts = at.verdicts(answer);
        GroundTruth truth = at.truth().get(answer);
        var there = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < truth.size(); i++) {
            Map<String, Object> one = box(truth.boxes().get(i), truth.labels().get(i));
            one.put("missed", verdicts.missed().contains(i));
            one.put("ignored", truth.ignore().get(i));
            there.add(one);
        }
        Detections answered = at.answered(answer);
        var found = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < answered.size(); i++) {
            ObjectVerdicts.Verdict verdict = verdicts.found().get(i);
            Map<String, Object> one =
                    box(answered.boxes().get(i), answered.labels().get(i));
            one.put("score", answered.scores().get(i));
            one.put(
                    "verdict",
                    verdict.right()
                            ? "right"
                            : verdict.error().map(ObjectView::word).orElse("ignored"));
            found.add(one);
        }
        Map<String, Object> item = base(answer);
        item.put("truth", there);
        item.put("found", found);
        return item;
    }

    private static Map<String, Object> box(Box box, int label) {
        var one = new LinkedHashMap<String, Object>();
        one.put("label", label);
        one.put("box", List.of(box.left(), box.top(), box.right(), box.bottom()));
        return one;
    }
}
