package dev.fovea.metrics;

import java.util.List;

/**
 * The one number that the logits of a classifier are divided by so that its probabilities can be taken at their word (<a
 * href="https://arxiv.org/abs/1706.04599">Guo et al. 2017</a>): the most probable class stays the same.
 */
public final class TemperatureScaling {

    /** With fewer images the number is mostly luck. */
    public static final int FEWEST = 20;

    private static final double LOWEST = 0.05;
    private static final double HIGHEST = 20;
    private static final int HALVINGS = 60;

    private TemperatureScaling() {}

    /**
     * The temperature with the lowest cross-entropy.
     *
     * @param logits of each image
     * @param labels their true classes
     * @return between 0.05 and 20; 1 where it cannot be told: of fewer than {@link #FEWEST} images, of images that are all
     *     answered right, for which no probability is high enough, and of those that are all answered wrong
     */
    public static double fit(List<float[]> logits, int[] labels) {
        long right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += Softmax.best(logits.get(i)) == labels[i] ? 1 : 0;
        }
        if (labels.length < FEWEST || right == labels.length || right == 0) {
            return 1;
        }
        // The cross-entropy is convex in the inverse temperature: its slope there changes sign once.
        double low = Math.log(1 / HIGHEST);
        double high = Math.log(1 / LOWEST);
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (slope(logits, labels, Math.exp(middle)) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp(-(low + high) / 2);
    }

    /** Of the summed cross-entropy by the inverse temperature: expected minus true logit. */
    private static double slope(List<float[]> logits, int[] labels, double inverse) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            float[] row = logits.get(i);
            float[] shares = Softmax.of(row, 1 / inverse);
            for (int c = 0; c < row.length; c++) {
                sum += shares[c] * (double) row[c];
            }
            sum -= row[labels[i]];
        }
        return sum;
    }

    /** The same logits divided by {@code temperature}. */
    public static float[] scaled(float[] logits, double temperature) {
        float[] scaled = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            scaled[i] = (float) (logits[i] / temperature);
        }
        return scaled;
    }
}
