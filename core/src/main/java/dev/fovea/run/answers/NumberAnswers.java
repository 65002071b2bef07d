package dev.fovea.run.answers;

import dev.fovea.metrics.RegressionResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Numbers that were predicted of images whose true numbers are known. What is looked at is by how much one of them is too high.
 *
 * @param classes the names of the numbers
 * @param truth a row of numbers for each image
 * @param predicted as many
 * @param by the name of the number whose errors are looked at
 */
public record NumberAnswers(
        List<String> classes, List<ImageFacts> images, List<float[]> truth, List<float[]> predicted, String by)
        implements MeasuredAnswers {

    public NumberAnswers {
        classes = List.copyOf(classes);
        images = List.copyOf(images);
        truth = List.copyOf(truth);
        predicted = List.copyOf(predicted);
        if (truth.size() != images.size() || predicted.size() != images.size()) {
            throw new IllegalArgumentException("answers: %s images, got %s true and %s predicted rows of numbers"
                    .formatted(images.size(), truth.size(), predicted.size()));
        }
    }

    @Override
    public NumberAnswers by(String name) {
        return new NumberAnswers(classes, images, truth, predicted, figure(name).name());
    }

    @Override
    public List<Figure> figures() {
        return IntStream.range(0, classes.size())
                .mapToObj(t -> new Figure(classes.get(t), Scale.ZERO, OptionalDouble.empty(), errors(t)))
                .toList();
    }

    private List<Double> errors(int number) {
        return IntStream.range(0, images.size())
                .mapToObj(i -> (double) predicted.get(i)[number] - truth.get(i)[number])
                .toList();
    }

    /** All metrics; the loss of training was not measured. */
    public RegressionResult result() {
        return RegressionResult.of(classes, predicted, truth, Double.NaN);
    }

    @Override
    public Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<>(result().values());
        metrics.values().removeIf(value -> value.isNaN());
        return metrics;
    }
}
