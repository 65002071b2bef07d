package dev.fovea.serve.studio.evaluate;

import dev.fovea.metrics.ClassificationResult;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ClassAnswers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Of a classifier. */
final class ClassView extends View {

    /** Classes that are named beside an image. */
    private static final int NAMED = 3;

    /** Classes that a matrix can be shown of; of more, the pairs that are most often confused. */
    private static final int MATRIX = 60;

    private static final int PAIRS = 200;

    private final ClassAnswers answers;

    ClassView(Study study, ClassAnswers answers) {
        super(study);
        this.answers = answers;
    }

    @Override
    Map<String, Object> summary() {
        ClassificationResult result = answers.result();
        Map<String, Object> summary = head();
        summary.put("bins", bins(result.bins()));
        summary.put("calibrationError", result.expectedCalibrationError());
        summary.put(
                "averagePrecision",
                IntStream.range(0, answers.classes().size())
                        .mapToObj(c -> curve(c).averagePrecision())
                        .toList());
        summary.put("mistakes", answers.worst().size());
        return summary;
    }

    @Override
    Map<String, Object> at(OptionalDouble threshold) {
        ClassAnswers.At at = answers.at(threshold.orElse(0));
        var values = new LinkedHashMap<String, Object>();
        values.put("threshold", at.threshold());
        values.put("answered", at.answered());
        values.put("accuracy", at.accuracy());
        values.put("balancedAccuracy", at.balancedAccuracy());
        values.put("macroF1", at.macroF1());
        values.put("mistakes", at.mistakes());
        values.put("perClass", at.perClass());
        int k = answers.classes().size();
        if (k <= MATRIX) {
            values.put("confusion", at.confusion());
        } else {
            values.put("pairs", pairs(at.confusion()));
        }
        return values;
    }

    /** The wrong cells that hold the most: true class, told class, images. */
    private static List<List<Long>> pairs(List<List<Long>> confusion) {
        var pairs = new ArrayList<List<Long>>();
        for (int row = 0; row < confusion.size(); row++) {
            for (int column = 0; column < confusion.get(row).size(); column++) {
                long count = confusion.get(row).get(column);
                if (row != column && count > 0) {
                    pairs.add(List.of((long) row, (long) column, count));
                }
            }
        }
        pairs.sort(Comparator.comparingLong(pair -> -pair.get(2)));
        return pairs.subList(0, Math.min(PAIRS, pairs.size()));
    }

    @Override
    PrecisionRecall curve(int label) {
        return answers.curve(label);
    }

    @Override
    List<Integer> pick(Pick pick) {
        return switch (pick.of()) {
            case "worst" -> answers.worst();
            case "cell" ->
                answers.cell(
                        pick.number("truth", answers.classes().size()),
                        pick.number("told", answers.classes().size() + 1),
                        pick.threshold().orElse(0));
            default -> super.pick(pick);
        };
    }

    @Override
    Answers answers(OptionalDouble threshold) {
        return answers;
    }

    @Override
    Map<String, Object> item(int answer, OptionalDouble threshold) {
        Map<String, Object> item = base(answer);
        item.put("truth", answers.truth(answer));
        item.put("told", answers.told(answer));
        item.put("confidence", answers.confidence(answer));
        item.put(
                "top",
                IntStream.range(0, answers.classes().size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(c -> -answers.probability(answer, c)))
                        .limit(NAMED)
                        .map(c -> List.of(c, answers.probability(answer, c)))
                        .toList());
        return item;
    }
}
