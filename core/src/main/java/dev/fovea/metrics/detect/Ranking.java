package dev.fovea.metrics.detect;

import dev.fovea.metrics.PrecisionRecall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Found objects of a class by falling score, each right or wrong, and how many there are to find. */
final class Ranking {

    private static final int LEVELS = 101;
    private static final double STEP = 0.01; // times a level: as numpy computes them, to the last bit

    private final boolean[] right;
    private final int count;
    private final long support;

    /**
     * @param right of the first {@code count} by falling score
     * @param support true objects
     */
    Ranking(boolean[] right, int count, long support) {
        this.right = right;
        this.count = count;
        this.support = support;
    }

    /** The positions of scores from the highest to the lowest, equal ones in their order. */
    static int[] order(double[] scores, int count) {
        double[] sorted = new double[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = 0.0 - scores[i]; // never -0
        }
        Arrays.sort(sorted);
        int[] order = new int[count];
        int[] equals = new int[count]; // placed already, from the first place of a score on
        for (int i = 0; i < count; i++) {
            int first = first(sorted, 0.0 - scores[i]);
            order[first + equals[first]++] = i;
        }
        return order;
    }

    private static int first(double[] sorted, double value) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] < value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Share of the true objects that are found; NaN where there is none. */
    double recall() {
        int hits = 0;
        for (int i = 0; i < count; i++) {
            hits += right[i] ? 1 : 0;
        }
        return support == 0 ? Double.NaN : hits / (double) support;
    }

    /** COCO's average precision: the mean of the interpolated precision at 101 recalls from 0 to 1; NaN without truth. */
    double cocoAverage() {
        if (support == 0) {
            return Double.NaN;
        }
        double[] precision = interpolated();
        double sum = 0;
        int at = 0;
        int hits = 0;
        for (int level = 0; level < LEVELS; level++) {
            double recall = level == LEVELS - 1 ? 1 : level * STEP;
            while (at < count && (hits + (right[at] ? 1 : 0)) / (double) support < recall) {
                hits += right[at++] ? 1 : 0;
            }
            sum += at < count ? precision[at] : 0;
        }
        return sum / LEVELS;
    }

    /** VOC2007's: at 11 recalls from 0 to 1, which are compared as fractions, without rounding; NaN without truth. */
    double elevenPoint() {
        if (support == 0) {
            return Double.NaN;
        }
        double[] precision = interpolated();
        double sum = 0;
        int at = 0;
        long hits = 0;
        for (int level = 0; level <= 10; level++) {
            while (at < count && 10 * (hits + (right[at] ? 1 : 0)) < level * support) {
                hits += right[at++] ? 1 : 0;
            }
            sum += at < count ? precision[at] : 0;
        }
        return sum / 11;
    }

    /** VOC2010's: the area below the interpolated curve; NaN without truth. */
    double area() {
        if (support == 0) {
            return Double.NaN;
        }
        double[] precision = interpolated();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += right[i] ? precision[i] : 0;
        }
        return sum / support;
    }

    /** At each place the highest precision from there on. */
    private double[] interpolated() {
        double[] precision = new double[count];
        int hits = 0;
        for (int i = 0; i < count; i++) {
            hits += right[i] ? 1 : 0;
            precision[i] = hits / (i + 1.0);
        }
        for (int i = count - 2; i >= 0; i--) {
            precision[i] = Math.max(precision[i], precision[i + 1]);
        }
        return precision;
    }

    /** Scores that each are of something right or wrong, as they come. */
    static final class Scores {

        private double[] scores = new double[16];
        private boolean[] right = new boolean[16];
        private int count;

        void add(double score, boolean isRight) {
            if (count == scores.length) {
                scores = Arrays.copyOf(scores, 2 * count);
                right = Arrays.copyOf(right, 2 * count);
            }
            scores[count] = score;
            right[count++] = isRight;
        }

        /** All of {@code other} after those here. */
        void addAll(Scores other) {
            for (int i = 0; i < other.count; i++) {
                add(other.scores[i], other.right[i]);
            }
        }

        int count() {
            return count;
        }

        Ranking ranking(long support) {
            int[] order = order(scores, count);
            boolean[] ranked = new boolean[count];
            for (int i = 0; i < count; i++) {
                ranked[i] = right[order[i]];
            }
            return new Ranking(ranked, count, support);
        }

        /** A point for each score that occurs; none where nothing is true. */
        PrecisionRecall curve(long support) {
            int[] order = order(scores, count);
            List<PrecisionRecall.Point> points = new ArrayList<>();
            int hits = 0;
            for (int i = 0; support > 0 && i < count; i++) {
                hits += right[order[i]] ? 1 : 0;
                if (i + 1 == count || scores[order[i + 1]] != scores[order[i]]) {
                    points.add(new PrecisionRecall.Point(scores[order[i]], hits / (i + 1.0), hits / (double) support));
                }
            }
            return new PrecisionRecall(points);
        }
    }
}
