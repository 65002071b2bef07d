package dev.fovea.metrics;

import java.util.Arrays;

/**
 * How well a score tells images that a model knows from others; larger scores mean less alike.
 *
 * @param auroc the probability that another image scores above a known one, ties shared, 0 to 1
 * @param fprAt95 share of the other images that are taken for known ones by the threshold that accepts 95 % of the known ones
 */
public record Separation(double auroc, double fprAt95) {

    private static final double ACCEPTED = 0.95;

    /** NaN where one of the two is empty. */
    public static Separation of(float[] known, float[] others) {
        if (known.length == 0 || others.length == 0) {
            return new Separation(Double.NaN, Double.NaN);
        }
        float[] all = Arrays.copyOf(known, known.length + others.length);
        System.arraycopy(others, 0, all, known.length, others.length);
        boolean[] positive = new boolean[all.length];
        Arrays.fill(positive, known.length, all.length, true);
        float least = all[0];
        for (float score : all) {
            least = Math.min(least, score);
        }
        for (int i = 0; i < all.length; i++) {
            all[i] -= least;
        }
        double threshold = threshold(known, ACCEPTED);
        int accepted = 0;
        for (float score : others) {
            accepted += score <= threshold ? 1 : 0;
        }
        return new Separation(RocAuc.area(all, positive), accepted / (double) others.length);
    }

    /** The lowest score that accepts at least this share of the known images. */
    public static double threshold(float[] known, double accepted) {
        float[] sorted = known.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(accepted * sorted.length - 1e-9) - 1)];
    }
}
