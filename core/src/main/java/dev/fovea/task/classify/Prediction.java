package dev.fovea.task.classify;

import dev.fovea.run.Predictor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A classifier's prediction for one image.
 *
 * @param label the most probable class
 * @param probability of that class, 0 to 1
 * @param top the most probable classes, best first
 */
public record Prediction(String label, double probability, List<Ranked> top) implements Predictor.Answer {

    /**
     * One class with its probability.
     *
     * @param probability 0 to 1
     */
    public record Ranked(String label, double probability) {}

    public Prediction {
        top = List.copyOf(top);
    }

    @Override
    public Map<String, Object> values() {
        return Map.of("top", top);
    }

    @Override
    public String text() {
        return top.stream()
                .map(ranked -> String.format(Locale.ROOT, "%s %.3f", ranked.label(), ranked.probability()))
                .collect(Collectors.joining("  "));
    }

    /**
     * The same values. Weights that are all finite can still be so large that what comes of them is not.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    static float[] finite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "the network's output is %s, so the model is broken. Train it again, at a lower rate"
                                .formatted(value));
            }
        }
        return values;
    }

    /** The {@code k} most probable of {@code probabilities}, which are in the order of {@code classes}. */
    static Prediction of(List<String> classes, float[] probabilities, int k) {
        List<Ranked> ranked = java.util.stream.IntStream.range(0, probabilities.length)
                .boxed()
                .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
                .limit(k)
                .map(i -> new Ranked(classes.get(i), probabilities[i]))
                .toList();
        return new Prediction(ranked.get(0).label(), ranked.get(0).probability(), ranked);
    }
}
