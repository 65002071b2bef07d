package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How good predictions of numbers are; of several, what is said in all is the mean over them.
 *
 * @param count images
 * @param loss as in training, of standardised numbers
 * @param perTarget in their order
 */
public record RegressionResult(int count, double loss, List<PerTarget> perTarget) {

    /**
     * One number, in its own unit.
     *
     * @param mae mean absolute error
     * @param rmse root of the mean squared error
     * @param r2 share of the variance that is explained: 1 at best, 0 for who always answers the mean, below for worse; NaN
     *     where all true values are equal
     * @param bias mean of prediction minus truth
     * @param meanMae the mean absolute error of who always answers the mean of these images
     */
    public record PerTarget(String name, double mae, double rmse, double r2, double bias, double meanMae) {}

    public RegressionResult {
        perTarget = List.copyOf(perTarget);
    }

    /**
     * Of predictions.
     *
     * @param names of the numbers
     * @param predicted a row for each image
     * @param truth as many
     * @param loss as it was measured
     */
    public static RegressionResult of(List<String> names, List<float[]> predicted, List<float[]> truth, double loss) {
        var perTarget = new ArrayList<PerTarget>();
        for (int t = 0; t < names.size(); t++) {
            int target = t;
            perTarget.add(target(
                    names.get(t),
                    predicted.stream().mapToDouble(row -> row[target]).toArray(),
                    truth.stream().mapToDouble(row -> row[target]).toArray()));
        }
        return new RegressionResult(truth.size(), loss, perTarget);
    }

    private static PerTarget target(String name, double[] predicted, double[] truth) {
        int n = truth.length;
        double mean = Arrays.stream(truth).average().orElse(Double.NaN);
        double absolute = 0;
        double squared = 0;
        double variance = 0;
        double deviation = 0;
        double bias = 0;
        for (int i = 0; i < n; i++) {
            double error = predicted[i] - truth[i];
            absolute += Math.abs(error);
            squared += error * error;
            bias += error;
            variance += (truth[i] - mean) * (truth[i] - mean);
            deviation += Math.abs(truth[i] - mean);
        }
        return new PerTarget(
                name,
                absolute / n,
                Math.sqrt(squared / n),
                variance == 0 ? Double.NaN : 1 - squared / variance,
                bias / n,
                deviation / n);
    }

    /** By the names of the command line's JSON. */
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        values.put("mae", mean(PerTarget::mae));
        values.put("rmse", mean(PerTarget::rmse));
        values.put("r2", mean(PerTarget::r2));
        values.put("loss", loss);
        return values;
    }

    private double mean(ToDoubleFunction<PerTarget> of) {
        return perTarget.stream()
                .mapToDouble(of)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }
}
