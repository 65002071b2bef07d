package dev.fovea.export.quantize;

/** How often a value of a graph was how large. */
final class Histogram {

    private static final int BINS = 2048;

    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;
    private final long[] counts = new long[BINS];

    /** First for all images: the ends. */
    void widen(float[] values) {
        for (float value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
    }

    /** Then for all images again: what lies between. */
    void count(float[] values) {
        double factor = BINS / Math.max(high - low, Double.MIN_NORMAL);
        for (float value : values) {
            counts[(int) Math.max(0, Math.min(BINS - 1, (value - low) * factor))]++;
        }
    }

    /** Whether all numbers were finite. */
    boolean finite() {
        return Double.isFinite(low) && Double.isFinite(high);
    }

    ValueRange whole() {
        return ValueRange.of(low, high);
    }

    /**
     * Without the outermost values.
     *
     * @param share of the values that is kept, below 1
     */
    ValueRange inner(double share) {
        long all = total();
        double beyond = (1 - share) / 2 * all;
        int first = 0;
        for (long left = counts[0]; left <= beyond && first < BINS - 1; left += counts[++first]) {
            continue;
        }
        int last = BINS - 1;
        for (long left = counts[last]; left <= beyond && last > first; left += counts[--last]) {
            continue;
        }
        return ValueRange.of(edge(first), edge(last + 1));
    }

    /** The one with the least mean squared error of what is rounded and cut off. */
    ValueRange closest() {
        ValueRange best = whole();
        double least = error(best);
        int tries = 64;
        for (int i = 1; i < tries; i++) {
            double share = 1 - i / (double) tries;
            ValueRange range = ValueRange.of(Math.min(0, low) * share, Math.max(0, high) * share);
            double error = error(range);
            if (error < least) {
                least = error;
                best = range;
            }
        }
        return best;
    }

    private double error(ValueRange range) {
        double step = range.scale();
        double rounding = step * step / 12;
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double value = edge(bin + 0.5);
            double beyond = Math.max(0, Math.max(value - range.high(), range.low() - value));
            sum += counts[bin] * (beyond > 0 ? beyond * beyond : rounding);
        }
        return sum;
    }

    private double edge(double bin) {
        return low + bin * (high - low) / BINS;
    }

    private long total() {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        return all;
    }
}
