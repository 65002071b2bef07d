package dev.fovea.task.regress;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Between numbers in the units of the data and those that the network gives, which have mean 0 and deviation 1 over the
 * training images: years and metres then weigh the same, and usual learning rates fit.
 *
 * @param mean of each number
 * @param deviation of each number, above 0
 */
record Standardization(List<Double> mean, List<Double> deviation) {

    Standardization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
    }

    /** That of {@code settings}, where they say it, else that of the training images. */
    static Standardization of(Regression settings, Dataset train) {
        int count = train.classes().size();
        if (settings.mean().isEmpty()) {
            return of(train);
        }
        if (settings.mean().size() != count) {
            throw new IllegalArgumentException("task.mean and task.deviation must be one for each number, got %s for %s"
                    .formatted(settings.mean().size(), count));
        }
        return new Standardization(settings.mean(), settings.deviation());
    }

    /**
     * Mean and standard deviation over {@code train}.
     *
     * @throws DataException if a number is the same for all images, so that there is nothing to learn
     */
    static Standardization of(Dataset train) {
        int size = train.size();
        var means = new ArrayList<Double>();
        var deviations = new ArrayList<Double>();
        List<float[]> all = numbers(train);
        for (int target = 0; target < train.classes().size(); target++) {
            int column = target;
            double mean = all.stream().mapToDouble(row -> row[column]).average().orElseThrow();
            double variance = all.stream()
                            .mapToDouble(row -> (row[column] - mean) * (row[column] - mean))
                            .sum()
                    / size;
            float first = all.get(0)[column];
            if (all.stream().allMatch(row -> row[column] == first)) {
                throw new DataException(String.format(
                        Locale.ROOT,
                        "'%s' is %s for all %,d training images, so there is nothing to learn. Leave it out of task.targets, or use data in which it differs",
                        train.classes().get(target),
                        Float.toString(first).replaceFirst("\\.0$", ""),
                        size));
            }
            means.add(mean);
            deviations.add(Math.sqrt(variance));
        }
        return new Standardization(means, deviations);
    }

    /**
     * The numbers of all images.
     *
     * @throws DataException if {@code data} has targets of another kind
     */
    static List<float[]> numbers(Dataset data) {
        var numbers = new ArrayList<float[]>(data.size());
        for (int i = 0; i < data.size(); i++) {
            if (!(data.target(i) instanceof Target.Values values)) {
                throw new DataException("%s: has no numbers. Expected a CSV file of paths and columns of numbers"
                        .formatted(data.name(i)));
            }
            numbers.add(values.numbers());
        }
        return numbers;
    }

    /** @param numbers in the units of the data, [N, K] */
    Tensor standardized(Tensor numbers) {
        return numbers.sub(row(mean, numbers)).div(row(deviation, numbers));
    }

    private static Tensor row(List<Double> values, Tensor like) {
        double[] each = values.stream().mapToDouble(Double::doubleValue).toArray();
        return Tensor.of(each, 1, each.length).to(like.type()).to(like.device());
    }

    /** Outputs [N, K] in the units of the data. */
    Tensor original(Tensor outputs) {
        return outputs.mul(row(deviation, outputs)).add(row(mean, outputs));
    }

    /** One image's outputs in the units of the data. */
    float[] original(float[] outputs) {
        float[] numbers = new float[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            numbers[i] = (float) (mean.get(i) + deviation.get(i) * outputs[i]);
        }
        return numbers;
    }

    /** {@code settings} with it, for the model's package. */
    Regression in(Regression settings, List<String> names) {
        return new Regression(settings.targets().isEmpty() ? names : settings.targets(), mean, deviation);
    }
}
