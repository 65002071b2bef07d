package dev.fovea.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * How often numbers are found in each of several equal steps, which begin and end at round numbers.
 *
 * @param least where the first bar begins
 * @param step how wide each is
 * @param counts numbers in each
 */
public record Histogram(double least, double step, List<Integer> counts) {

    /** Bars that are aimed at: fewer where few round steps lie between the numbers. */
    private static final int BARS = 40;

    private static final List<Double> ROUND = List.of(1.0, 2.0, 5.0, 10.0);

    public Histogram {
        counts = List.copyOf(counts);
    }

    /**
     * Of all that are finite.
     *
     * @param shown other numbers that are to lie within the bars
     */
    public static Histogram of(List<Double> values, List<Double> shown) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        var all = new ArrayList<>(values);
        all.addAll(shown);
        for (double value : all) {
            if (Double.isFinite(value)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        if (least > most) {
            return new Histogram(0, 1, List.of(0));
        }
        double step = step(least, most);
        double from = Math.floor(least / step) * step;
        int bars = Math.max(1, (int) Math.floor((most - from) / step + 1e-9) + 1);
        int[] counts = new int[bars];
        var places = new Histogram(from, step, zeros(bars));
        for (double value : values) {
            if (Double.isFinite(value)) {
                counts[places.bar(value)]++;
            }
        }
        return new Histogram(from, step, java.util.Arrays.stream(counts).boxed().toList());
    }

    private static List<Integer> zeros(int count) {
        return java.util.Collections.nCopies(count, 0);
    }

    /** A round one. */
    private static double step(double least, double most) {
        double raw = (most - least) / BARS;
        if (raw <= 1e-12 * Math.max(Math.abs(least), Math.abs(most)) || raw == 0) {
            return least == 0 ? 1 : Math.pow(10, Math.floor(Math.log10(Math.abs(least))));
        }
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        return ROUND.stream()
                .map(round -> round * power)
                .filter(step -> step >= raw)
                .findFirst()
                .orElse(10 * power);
    }

    /** The bar of a number that lies within; -1 of one that is none. */
    public int bar(double value) {
        return Double.isNaN(value)
                ? -1
                : Math.max(0, Math.min(counts.size() - 1, (int) Math.floor((value - least) / step + 1e-9)));
    }

    /** The same bars with the counts of other numbers. */
    public List<Integer> counts(List<Double> values) {
        int[] own = new int[counts.size()];
        for (double value : values) {
            if (Double.isFinite(value)) {
                own[bar(value)]++;
            }
        }
        return java.util.Arrays.stream(own).boxed().toList();
    }

    /** Where the last bar ends. */
    public double most() {
        return least + step * counts.size();
    }
}
