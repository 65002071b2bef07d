package dev.fovea.serve.studio.evaluate;

import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.metrics.Reliability;
import dev.fovea.run.answers.LabelAnswers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Of a model that gives several labels. */
final class LabelView extends View {

    private final LabelAnswers answers;

    LabelView(Study study, LabelAnswers answers) {
        super(study);
        this.answers = answers;
    }

    @Override
    Map<String, Object> summary() {
        Reliability reliability = answers.reliability();
        Map<String, Object> summary = head();
        summary.put("bins", bins(reliability.bins()));
        summary.put("calibrationError", reliability.expectedCalibrationError());
        summary.put("thresholds", answers.thresholds());
        summary.put("mistakes", answers.worst().size());
        return summary;
    }

    @Override
    Map<String, Object> at(OptionalDouble threshold) {
        LabelAnswers at = answers(threshold);
        MultiLabelResult result = at.result();
        var values = new LinkedHashMap<String, Object>();
        values.put("microF1", result.microF1());
        values.put("macroF1", result.macroF1());
        values.put("exactMatch", result.exactMatch());
        values.put(
                "perClass",
                IntStream.range(0, at.classes().size())
                        .mapToObj(label -> row(at, result.perLabel().get(label), label))
                        .toList());
        return values;
    }

    private static Map<String, Object> row(LabelAnswers at, MultiLabelResult.PerLabel label, int index) {
        var row = new LinkedHashMap<String, Object>();
        row.put("name", label.name());
        row.put("threshold", label.threshold());
        row.put("precision", label.precision());
        row.put("recall", label.recall());
        row.put("f1", label.f1());
        row.put("averagePrecision", label.averagePrecision());
        row.put("support", label.support());
        row.put("right", at.cell(index, true, true).size());
        row.put("missed", at.cell(index, true, false).size());
        row.put("wrong", at.cell(index, false, true).size());
        return row;
    }

    @Override
    PrecisionRecall curve(int label) {
        return answers.curve(label);
    }

    @Override
    List<Integer> pick(Pick pick) {
        LabelAnswers at = answers(pick.threshold());
        return switch (pick.of()) {
            case "worst" -> at.worst();
            case "cell" ->
                at.cell(
                        pick.number("label", answers.classes().size()),
                        pick.number("truth", 2) == 1,
                        pick.number("told", 2) == 1);
            default -> super.pick(pick);
        };
    }

    @Override
    LabelAnswers answers(OptionalDouble threshold) {
        return threshold.isPresent() ? answers.at(threshold.getAsDouble()) : answers;
    }

    @Override
    Map<String, Object> item(int answer, OptionalDouble threshold) {
        LabelAnswers at = answers(threshold);
        Map<String, Object> item = base(answer);
        item.put("labels", labels(at, answer));
        return item;
    }

    /** Those that it has or is given: label, whether it has it, whether it is given it, probability. */
    private static List<List<Object>> labels(LabelAnswers at, int answer) {
        return IntStream.range(0, at.classes().size())
                .filter(label -> at.present(answer, label) || at.given(answer, label))
                .<List<Object>>mapToObj(label -> List.of(
                        label, at.present(answer, label), at.given(answer, label), at.probability(answer, label)))
                .toList();
    }
}
