package dev.fovea.task.multilabel;

import dev.fovea.data.Dataset;
import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.metrics.MultiLabelResult.PerLabel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How good the labels of a model are on images whose labels are known.
 *
 * @param result all metrics
 * @param scored the probabilities of all images in the order of the data, with what is true
 */
public record MultiLabelEvaluation(MultiLabelResult result, MultiLabelResult.Scored scored) {

    /** Whether label {@code label} is given to image {@code image}. */
    boolean given(int image, int label) {
        return scored.probabilities().get(image)[label]
                >= result.perLabel().get(label).threshold();
    }

    /** The images with a wrong or missing label, the most wrong first: by the summed cross-entropy of their labels. */
    public List<Integer> mostWrong() {
        return IntStream.range(0, scored.truth().size())
                .filter(i -> IntStream.range(0, result.perLabel().size())
                        .anyMatch(label -> given(i, label) != scored.truth().get(i)[label]))
                .boxed()
                .sorted(Comparator.comparingDouble(this::surprise).reversed())
                .toList();
    }

    private double surprise(int image) {
        float[] probabilities = scored.probabilities().get(image);
        boolean[] truth = scored.truth().get(image);
        double sum = 0;
        for (int label = 0; label < truth.length; label++) {
            sum -= Math.log(Math.max(1e-12, truth[label] ? probabilities[label] : 1 - probabilities[label]));
        }
        return sum;
    }

    /** The names of labels of an image, separated by |. */
    private String named(int image, boolean predicted) {
        var names = new ArrayList<String>();
        for (int label = 0; label < result.perLabel().size(); label++) {
            if (predicted ? given(image, label) : scored.truth().get(image)[label]) {
                names.add(result.perLabel().get(label).name());
            }
        }
        return String.join("|", names);
    }

    /** One row an image below a header: {@code file, truth, answer} and the probability of every label. */
    List<List<Object>> rows(Dataset data) {
        var rows = new ArrayList<List<Object>>();
        var header = new ArrayList<Object>(List.of("file", "truth", "answer"));
        result.perLabel().forEach(label -> header.add(label.name()));
        rows.add(header);
        for (int i = 0; i < data.size(); i++) {
            var row = new ArrayList<Object>(List.of(data.name(i), named(i, false), named(i, true)));
            for (float probability : scored.probabilities().get(i)) {
                row.add(probability);
            }
            rows.add(row);
        }
        return rows;
    }

    /** A row for each label, for people. */
    String table() {
        int width = result.perLabel().stream()
                .mapToInt(label -> label.name().length())
                .max()
                .orElse(0);
        String row = "%-" + Math.max(5, Math.min(width, 40)) + "s %9s %9s %9s %9s %9s %9s%n";
        var text = new StringBuilder(String.format(
                Locale.ROOT, "%n" + row, "label", "AP", "precision", "recall", "f1", "threshold", "images"));
        for (PerLabel one : result.perLabel()) {
            text.append(String.format(
                    Locale.ROOT,
                    row,
                    one.name(),
                    share(one.averagePrecision()),
                    share(one.precision()),
                    share(one.recall()),
                    share(one.f1()),
                    share(one.threshold()),
                    one.support()));
        }
        return text.toString();
    }

    /** Of a label without an image there is no share. */
    private static String share(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
