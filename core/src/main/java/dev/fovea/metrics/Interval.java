package dev.fovea.metrics;

import java.util.List;

/**
 * Where a share or a mean probably lies, were there any number of images like those that were looked at: in 95 of 100 such intervals.
 *
 * @param low of a share 0 to 1
 * @param high at least {@code low}
 */
public record Interval(double low, double high) {

    /** Of the normal distribution, standard deviations that hold 95 % of it. */
    private static final double Z = 1.959964;

    /** When nothing is known. */
    public static final Interval UNKNOWN = new Interval(0, 1);

    /**
     * Of a share (Wilson 1927), which stays within 0 and 1 and is right for few images, too.
     *
     * @param hits of {@code count}
     */
    public static Interval ofShare(double hits, long count) {
        if (count == 0) {
            return UNKNOWN;
        }
        double share = hits / count;
        double square = Z * Z / count;
        double middle = (share + square / 2) / (1 + square);
        double half = Z / (1 + square) * Math.sqrt(share * (1 - share) / count + square / (4 * count));
        return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
    }

    /**
     * Of the mean of values from 0 to 1: of a share where all are 0 or 1, else by their standard deviation; of fewer than two nothing is
     * known.
     */
    public static Interval ofMean(List<Double> values) {
        if (values.stream().allMatch(value -> value == 0 || value == 1)) {
            return ofShare(values.stream().mapToDouble(value -> value).sum(), values.size());
        }
        if (values.size() < 2) {
            return UNKNOWN;
        }
        Interval any = ofNumbers(values);
        return new Interval(Math.max(0, any.low()), Math.min(1, any.high()));
    }

    /** Of the mean of any numbers, by their standard deviation; of fewer than two nothing is known, and the ends are no numbers. */
    public static Interval ofNumbers(List<Double> values) {
        if (values.size() < 2) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double mean = values.stream().mapToDouble(value -> value).average().orElseThrow();
        double half = Z * Math.sqrt(squares(values, mean) / (values.size() - 1) / values.size());
        return new Interval(mean - half, mean + half);
    }

    private static double squares(List<Double> values, double mean) {
        return values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
    }
}
