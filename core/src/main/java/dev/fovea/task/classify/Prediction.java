package dev.fovea.task.classify;

import dev.fovea.run.Predictor;
import java.util.LinkedHashMap;
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
 * @param trust how far it can be trusted, where that was asked for
 */
public record Prediction(String label, double probability, List<Ranked> top, Trust trust) implements Predictor.Answer {

    /**
     * One class with its probability.
     *
     * @param probability 0 to 1
     */
    public record Ranked(String label, double probability) {}

    /**
     * How far a prediction can be trusted.
     *
     * @param coverage share of images whose true class is in their set; 0 where no set was asked for
     * @param set the classes that it may be, most probable first
     * @param distance from the nearest of the training images that are kept, 0 to 2; NaN where it was not asked for
     * @param threshold distance above which an image is unlike them
     */
    public record Trust(double coverage, List<String> set, double distance, double threshold) {

        /** Where it was not asked for. */
        public static final Trust UNASKED = new Trust(0, List.of(), Double.NaN, Double.NaN);

        public Trust {
            set = List.copyOf(set);
        }

        /** Whether the image is unlike the training images, so that the prediction is worth little. */
        public boolean rejected() {
            return distance > threshold;
        }
    }

    public Prediction {
        top = List.copyOf(top);
    }

    /** One about whose trust nothing was asked. */
    public Prediction(String label, double probability, List<Ranked> top) {
        this(label, probability, top, Trust.UNASKED);
    }

    Prediction with(Trust value) {
        return new Prediction(label, probability, top, value);
    }

    @Override
    public Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("top", top);
        if (trust.coverage() > 0) {
            values.put("set", trust.set());
        }
        if (!Double.isNaN(trust.distance())) {
            values.put("rejected", trust.rejected());
            values.put("distance", trust.distance());
            values.put("threshold", trust.threshold());
        }
        return values;
    }

    @Override
    public List<Predictor.Confidence> confidences() {
        return List.of(new Predictor.Confidence(label, probability));
    }

    @Override
    public String text() {
        String ranked = top.stream()
                .map(one -> String.format(Locale.ROOT, "%s %.3f", one.label(), one.probability()))
                .collect(Collectors.joining("  "));
        String set = trust.coverage() > 0 ? "  {" + String.join(", ", trust.set()) + "}" : "";
        String distance = Double.isNaN(trust.distance())
                ? ""
                : String.format(Locale.ROOT, "distance %.3f, threshold %.3f", trust.distance(), trust.threshold());
        return trust.rejected()
                ? "not sure: unlike the training images (%s); the nearest answer is %s%s"
                        .formatted(distance, ranked, set)
                : ranked + set + (distance.isEmpty() ? "" : "  (" + distance + ")");
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
