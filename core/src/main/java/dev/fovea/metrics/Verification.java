package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well similarities tell pairs of one identity from pairs of two: a pair is accepted where its similarity is at least a
 * threshold.
 *
 * @param same similarities of pairs of one identity
 * @param different similarities of pairs of two
 */
public record Verification(float[] same, float[] different) {

    private static final int POINTS = 400;

    /** @throws IllegalArgumentException if a similarity is not a number */
    public Verification {
        same = sorted(same);
        different = sorted(different);
    }

    private static float[] sorted(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        if (sorted.length > 0 && Float.isNaN(sorted[sorted.length - 1])) {
            throw new IllegalArgumentException("verification: a similarity is not a number; the model is broken");
        }
        return sorted;
    }

    /** That of all pairs of several together. */
    static Verification joined(List<Verification> parts) {
        return new Verification(
                concatenated(parts.stream().map(Verification::same).toList()),
                concatenated(parts.stream().map(Verification::different).toList()));
    }

    private static float[] concatenated(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /**
     * A threshold and what comes of it.
     *
     * @param threshold least similarity of an accepted pair
     * @param far share of pairs of two identities that are accepted
     * @param frr share of pairs of one identity that are rejected
     */
    public record Point(double threshold, double far, double frr) {}

    /** Whether there are pairs of both kinds: without, all metrics are NaN. */
    public boolean defined() {
        return same.length > 0 && different.length > 0;
    }

    /** What a threshold comes to. */
    public Point at(double threshold) {
        return new Point(
                threshold,
                (different.length - below(different, threshold)) / (double) different.length,
                below(same, threshold) / (double) same.length);
    }

    /** The number of values below {@code threshold}. */
    private static int below(float[] sorted, double threshold) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < threshold) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The threshold at which as large a share of pairs of two identities is accepted as of pairs of one is rejected, or where these
     * shares are closest; halfway to the next lower similarity, so that no pair lies on it.
     */
    public Point equalError() {
        if (!defined()) {
            return new Point(Double.NaN, Double.NaN, Double.NaN);
        }
        double[] all = merged();
        int low = 0;
        int high = all.length - 1;
        while (low < high) { // far - frr falls as the threshold rises
            int middle = (low + high) >>> 1;
            Point point = at(all[middle]);
            if (point.far() - point.frr() > 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Point above = between(all, low);
        Point below = between(all, Math.max(0, low - 1));
        return distance(below) < distance(above) ? below : above;
    }

    private Point between(double[] all, int index) {
        double next = index == 0 ? all[0] : all[index - 1];
        return at((all[index] + next) / 2);
    }

    private static double distance(Point point) {
        return Math.abs(point.far() - point.frr());
    }

    /** All similarities, each once. */
    private double[] merged() {
        double[] all = new double[same.length + different.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i < same.length ? same[i] : different[i - same.length];
        }
        return Arrays.stream(all).sorted().distinct().toArray();
    }

    /** The equal error rate, 0 to 1: the mean of both shares at {@link #equalError}. */
    public double eer() {
        Point point = equalError();
        return (point.far() + point.frr()) / 2;
    }

    /** The area under the ROC curve: how likely a pair of one identity is more similar than one of two, 0 to 1. */
    public double auroc() {
        if (!defined()) {
            return Double.NaN;
        }
        float[] scores = new float[same.length + different.length];
        boolean[] positive = new boolean[scores.length];
        float least = Math.min(same[0], different[0]);
        for (int i = 0; i < scores.length; i++) {
            positive[i] = i < same.length;
            scores[i] = (positive[i] ? same[i] : different[i - same.length]) - least;
        }
        return RocAuc.area(scores, positive);
    }

    /**
     * The lowest threshold at which at most {@code far} of the pairs of two identities are accepted.
     *
     * @param far 0 to below 1
     */
    public double thresholdAtFar(double far) {
        if (!defined()) {
            return Double.NaN;
        }
        int accepted = (int) Math.floor(far * different.length + 1e-9);
        return Math.nextUp(different[different.length - 1 - accepted]);
    }

    /** The share of pairs of one identity that are accepted at {@link #thresholdAtFar}, 0 to 1. */
    public double tarAtFar(double far) {
        return defined() ? 1 - below(same, thresholdAtFar(far)) / (double) same.length : Double.NaN;
    }

    /** The share of all pairs that are told rightly, those of one identity accepted, the others rejected. */
    public double accuracy(double threshold) {
        int right = same.length - below(same, threshold) + below(different, threshold);
        return right / (double) (same.length + different.length);
    }

    /** The threshold with the best {@link #accuracy}, the lowest of several; as {@link #equalError} between two similarities. */
    public double bestThreshold() {
        double[] all = merged();
        double best = Double.NEGATIVE_INFINITY;
        double most = -1;
        for (int i = 0; i <= all.length; i++) {
            double threshold = i == all.length
                    ? Math.nextUp((float) all[i - 1])
                    : between(all, i).threshold();
            double accuracy = accuracy(threshold);
            if (accuracy > most) {
                most = accuracy;
                best = threshold;
            }
        }
        return best;
    }

    /** Points {@code [share of pairs of two accepted, share of pairs of one accepted]} from 0 to 1, some hundred. */
    public List<double[]> roc() {
        var points = new ArrayList<double[]>();
        if (!defined()) {
            return points;
        }
        points.add(new double[] {0, tarAtFar(0)});
        int n = different.length;
        int last = 0;
        for (int step = 0; step <= POINTS; step++) { // close together where few are accepted, which is what matters
            int accepted = (int) Math.round(Math.pow(n, step / (double) POINTS));
            if (accepted > last && accepted < n) {
                last = accepted;
                double far = accepted / (double) n;
                points.add(new double[] {far, tarAtFar(far)});
            }
        }
        points.add(new double[] {1, 1});
        return points;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Verification that
                && Arrays.equals(same, that.same)
                && Arrays.equals(different, that.different);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(same) + Arrays.hashCode(different);
    }
}
