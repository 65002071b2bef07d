package dev.fovea.task.regress;

import dev.fovea.data.Dataset;
import dev.fovea.metrics.RegressionResult;
import dev.fovea.metrics.RegressionResult.PerTarget;
import dev.fovea.run.TaskReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How good predicted numbers are on images whose numbers are known.
 *
 * @param result all metrics
 * @param predicted of all images in the order of the data, in its units
 * @param truth as many
 */
public record RegressionEvaluation(RegressionResult result, List<float[]> predicted, List<float[]> truth) {

    public RegressionEvaluation {
        predicted = List.copyOf(predicted);
        truth = List.copyOf(truth);
    }

    /** All images, the one with the largest error first: of several numbers the sum of errors, each by its deviation. */
    List<Integer> worst(Standardization scale) {
        return IntStream.range(0, truth.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> error(i, scale))
                        .reversed())
                .toList();
    }

    private double error(int image, Standardization scale) {
        double sum = 0;
        for (int t = 0; t < truth.get(image).length; t++) {
            sum += Math.abs(predicted.get(image)[t] - truth.get(image)[t])
                    / scale.deviation().get(t);
        }
        return sum;
    }

    /** One row an image below a header: {@code file}, then of each number the truth and the prediction. */
    List<List<Object>> rows(Dataset data) {
        var rows = new ArrayList<List<Object>>();
        var header = new ArrayList<Object>(List.of("file"));
        for (PerTarget target : result.perTarget()) {
            header.add(target.name());
            header.add(target.name() + " predicted");
        }
        rows.add(header);
        for (int i = 0; i < data.size(); i++) {
            var row = new ArrayList<Object>(List.of(data.name(i)));
            for (int t = 0; t < result.perTarget().size(); t++) {
                row.add(truth.get(i)[t]);
                row.add(predicted.get(i)[t]);
            }
            rows.add(row);
        }
        return rows;
    }

    /** A row for each number, for people. */
    String table() {
        int width = result.perTarget().stream()
                .mapToInt(target -> target.name().length())
                .max()
                .orElse(0);
        String row = "%-" + Math.max(6, Math.min(width, 40)) + "s %12s %12s %12s %12s %18s%n";
        var text = new StringBuilder(
                String.format(Locale.ROOT, "%n" + row, "number", "MAE", "RMSE", "R2", "bias", "MAE of the mean"));
        for (PerTarget one : result.perTarget()) {
            text.append(String.format(
                    Locale.ROOT,
                    row,
                    one.name(),
                    TaskReport.written(one.mae()),
                    TaskReport.written(one.rmse()),
                    TaskReport.written(one.r2()),
                    TaskReport.written(one.bias()),
                    TaskReport.written(one.meanMae())));
        }
        return text.toString();
    }
}
