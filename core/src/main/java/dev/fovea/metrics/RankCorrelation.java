package dev.fovea.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Spearman's correlation of ranks. */
public final class RankCorrelation {

    private RankCorrelation() {}

    /**
     * Of two rows of as many numbers, -1 to 1; equal numbers share the mean of their ranks.
     *
     * @return 0 where one of the rows is the same number throughout
     */
    public static double of(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "rank correlation: expected as many numbers, got %s and %s".formatted(a.length, b.length));
        }
        double[] x = ranks(a);
        double[] y = ranks(b);
        double mean = (a.length - 1) / 2.0;
        double both = 0;
        double squaresX = 0;
        double squaresY = 0;
        for (int i = 0; i < a.length; i++) {
            both += (x[i] - mean) * (y[i] - mean);
            squaresX += (x[i] - mean) * (x[i] - mean);
            squaresY += (y[i] - mean) * (y[i] - mean);
        }
        return squaresX == 0 || squaresY == 0 ? 0 : both / Math.sqrt(squaresX * squaresY);
    }

    /** The rank of each, from 0; equal numbers share the mean of theirs. */
    public static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted((i, j) -> Double.compare(values[i], values[j]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        for (int from = 0; from < order.length; ) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            double shared = (from + to - 1) / 2.0;
            Arrays.stream(order, from, to).forEach(i -> ranks[i] = shared);
            from = to;
        }
        return ranks;
    }
}
