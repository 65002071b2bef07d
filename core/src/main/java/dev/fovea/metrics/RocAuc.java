package dev.fovea.metrics;

import java.util.Arrays;
import java.util.List;

/**
 * Area under the ROC curve by ranks (Mann and Whitney 1947), ties shared: the probability that an image of the
 * class scores above one of another.
 */
public final class RocAuc {

    private RocAuc() {}

    /** The mean over one-against-rest curves of the classes that have both kinds, and numbers for scores; NaN if none has. */
    static double macro(List<float[]> scores, List<long[]> labels, int classes) {
        int count = labels.stream().mapToInt(l -> l.length).sum();
        double sum = 0;
        int curves = 0;
        for (int c = 0; c < classes; c++) {
            float[] of = new float[count];
            boolean[] positive = new boolean[count];
            int at = 0;
            for (int b = 0; b < labels.size(); b++) {
                for (int i = 0; i < labels.get(b).length; i++) {
                    of[at] = scores.get(b)[i * classes + c];
                    positive[at++] = labels.get(b)[i] == c;
                }
            }
            double area = ranked(of) ? area(of, positive) : Double.NaN;
            if (!Double.isNaN(area)) {
                sum += area;
                curves++;
            }
        }
        return curves == 0 ? Double.NaN : sum / curves;
    }

    /**
     * The area for one kind against all others.
     *
     * @param scores 0 or more, larger where the positive kind is more likely
     * @return 0 to 1, NaN if there is only one kind
     * @throws IllegalArgumentException if a score is negative or not a number, which have no rank among the others
     */
    public static double area(float[] scores, boolean[] positive) {
        int n = scores.length;
        if (!ranked(scores)) {
            throw new IllegalArgumentException(
                    "auroc: scores must be numbers from 0 on, else they have no order; the model is broken");
        }
        long[] order = new long[n];
        for (int i = 0; i < n; i++) {
            // scores are probabilities, so their bits sort as they do; the index rides in the low half
            order[i] = (long) Float.floatToIntBits(scores[i]) << 32 | i;
        }
        Arrays.sort(order);
        long positives = 0;
        double ranks = 0;
        for (int i = 0; i < n; ) {
            int j = i;
            long tied = 0;
            while (j < n && order[j] >>> 32 == order[i] >>> 32) {
                tied += positive[(int) order[j]] ? 1 : 0;
                j++;
            }
            ranks += tied * (i + 1 + j) / 2.0;
            positives += tied;
            i = j;
        }
        long negatives = n - positives;
        return positives == 0 || negatives == 0
                ? Double.NaN
                : (ranks - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
    }

    private static boolean ranked(float[] scores) {
        for (float score : scores) {
            if (!(score >= 0)) {
                return false;
            }
        }
        return true;
    }
}
