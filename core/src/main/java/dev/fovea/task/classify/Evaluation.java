package dev.fovea.task.classify;

import dev.fovea.data.Dataset;
import dev.fovea.metrics.ClassificationMetrics;
import dev.fovea.metrics.ClassificationResult;
import dev.fovea.metrics.TemperatureScaling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How good a classifier is on labelled images.
 *
 * @param result all metrics of the answers, the confusion matrix among them
 * @param plain the same with the network's own probabilities, before its temperature
 * @param mistakes misclassified images, the most confident first, at most 64
 * @param answers one for each image, in the order of the data
 */
public record Evaluation(
        ClassificationResult result, ClassificationResult plain, List<Mistake> mistakes, List<Answer> answers) {

    /**
     * The true and the predicted class of an image.
     *
     * @param index of the image in the data
     * @param truth its class
     * @param answer the most probable class
     * @param probability of that class, 0 to 1
     */
    public record Answer(int index, String truth, String answer, double probability) {}

    /**
     * A misclassified image.
     *
     * @param index of the image in the data
     * @param truth its class
     * @param predicted the predicted class
     * @param probability of the predicted class, 0 to 1
     */
    public record Mistake(int index, String truth, String predicted, double probability) {}

    public Evaluation {
        mistakes = List.copyOf(mistakes);
        answers = List.copyOf(answers);
    }

    /** Takes in logits and temperature, batch by batch. */
    static final class Gathered {

        private final ClassificationMetrics answered;
        private final ClassificationMetrics plain;
        private final MistakeCollector mistakes;

        Gathered(List<String> classes) {
            answered = new ClassificationMetrics(classes);
            plain = new ClassificationMetrics(classes);
            mistakes = new MistakeCollector(classes);
        }

        /** Of images at {@code indices} of the data. */
        void add(float[] logits, int[] indices, long[] labels, double temperature) {
            float[] scaled = temperature == 1 ? logits : TemperatureScaling.scaled(logits, temperature);
            answered.add(scaled, labels);
            plain.add(logits, labels);
            mistakes.add(scaled, indices, labels);
        }

        Evaluation evaluation() {
            return new Evaluation(answered.result(), plain.result(), mistakes.ranked(), mistakes.answers());
        }
    }

    /**
     * By the names of the command line's JSON: {@code loss} is that of the network, as while it was trained, all others are of
     * its answers; {@code nll} is their loss.
     */
    public Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<>(result.values());
        metrics.put("loss", plain.loss());
        metrics.put("nll", result.loss());
        return metrics;
    }

    /** What the temperature changes: calibration error, negative log-likelihood and Brier score before and after. */
    Map<String, Map<String, Double>> calibration() {
        return Map.of("before", calibration(plain), "after", calibration(result));
    }

    private static Map<String, Double> calibration(ClassificationResult of) {
        var values = new LinkedHashMap<String, Double>();
        values.put("expectedCalibrationError", of.expectedCalibrationError());
        values.put("nll", of.loss());
        values.put("brier", of.brier());
        return values;
    }

    /** One row an image below a header: {@code file, truth, answer, probability}, of the data that was evaluated. */
    List<List<Object>> rows(Dataset data) {
        var rows = new ArrayList<List<Object>>();
        rows.add(List.of("file", "truth", "answer", "probability"));
        for (Answer answer : answers) {
            rows.add(List.of(data.name(answer.index()), answer.truth(), answer.answer(), answer.probability()));
        }
        return rows;
    }

    /** A row for each class, for people: of its images how many were found, of the answers how many are right. */
    String table() {
        List<ClassificationResult.PerClass> classes = result.perClass();
        int width = classes.stream().mapToInt(c -> c.name().length()).max().orElse(0);
        String row = "%-" + Math.max(5, Math.min(width, 40)) + "s %9s %9s %9s %9s%n";
        var text = new StringBuilder(
                String.format(Locale.ROOT, "%n" + row, "class", "precision", "recall", "f1", "images"));
        for (var one : classes) {
            text.append(String.format(
                    Locale.ROOT,
                    row,
                    one.name(),
                    share(one.precision()),
                    share(one.recall()),
                    share(one.f1()),
                    one.support()));
        }
        return text.toString();
    }

    /** Of a class without an image there is no share. */
    private static String share(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
