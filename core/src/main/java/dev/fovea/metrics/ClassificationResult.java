package dev.fovea.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How good a classifier is.
 *
 * @param count images
 * @param loss mean cross-entropy, nats
 * @param brier mean squared distance of the probabilities from 1 for the true class and 0 for the others, 0 to 2 (Brier 1950)
 * @param accuracy share right, 0 to 1
 * @param top5Accuracy share whose class is among the five most probable; of equals the first, none where one is not a number
 * @param expectedCalibrationError mean distance of confidence and accuracy over 15 bins (Guo et al. 2017)
 * @param rocAuc one against rest, mean over the classes
 * @param perClass in the order of the classes
 * @param confusion counts, [true][predicted]
 * @param bins of the reliability diagram
 */
public record ClassificationResult(
        long count,
        double loss,
        double brier,
        double accuracy,
        double top5Accuracy,
        double expectedCalibrationError,
        double rocAuc,
        List<PerClass> perClass,
        List<List<Long>> confusion,
        List<Bin> bins) {

    /**
     * One class.
     *
     * @param precision share of its predictions that are right, 0 if there are none
     * @param recall share of its images found, NaN if there are none
     * @param f1 harmonic mean of both, NaN if there are neither
     * @param support its images
     */
    public record PerClass(String name, double precision, double recall, double f1, long support) {}

    /**
     * Predictions of similar confidence.
     *
     * @param low confidence, exclusive
     * @param high confidence, inclusive
     * @param confidence mean, NaN if empty
     * @param accuracy share right, NaN if empty
     */
    public record Bin(double low, double high, double confidence, double accuracy, long count) {}

    public ClassificationResult {
        perClass = List.copyOf(perClass);
        confusion = confusion.stream().map(List::copyOf).toList();
        bins = List.copyOf(bins);
    }

    private static final int TOP = 5;

    /** The mean recall of the classes that have images. */
    public double balancedAccuracy() {
        return macro(PerClass::recall);
    }

    /** The mean F1 of the classes that have images or predictions. */
    public double macroF1() {
        return macro(PerClass::f1);
    }

    /** The mean F1 weighted by the images of each class. */
    public double weightedF1() {
        return perClass.stream()
                        .filter(c -> c.support() > 0)
                        .mapToDouble(c -> c.f1() * c.support())
                        .sum()
                / count;
    }

    /** All single figures by the names of the command line's JSON. */
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", loss);
        values.put("accuracy", accuracy);
        if (perClass.size() > TOP) { // of five classes or fewer it is 1, whatever the network says
            values.put("top5Accuracy", top5Accuracy);
        }
        values.put("balancedAccuracy", balancedAccuracy());
        values.put("macroF1", macroF1());
        values.put("weightedF1", weightedF1());
        values.put("macroPrecision", macro(c -> c.support() == 0 ? Double.NaN : c.precision()));
        values.put("rocAuc", rocAuc);
        values.put("brier", brier);
        values.put("expectedCalibrationError", expectedCalibrationError);
        return values;
    }

    private double macro(ToDoubleFunction<PerClass> value) {
        return perClass.stream()
                .mapToDouble(value)
                .filter(v -> !Double.isNaN(v))
                .average()
                .orElse(Double.NaN);
    }
}
