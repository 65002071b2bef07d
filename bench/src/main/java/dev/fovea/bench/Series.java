package dev.fovea.bench;

import java.util.List;

/**
 * All rounds of one contender in one configuration.
 *
 * @param precision as it was run
 * @param speeds images per second, one per round, none if it failed
 */
record Series(Contender contender, String version, String precision, List<Double> speeds) {

    Series {
        speeds = List.copyOf(speeds);
    }

    boolean failed() {
        return speeds.isEmpty();
    }

    /** The middle speed, or the mean of the middle two. */
    double median() {
        List<Double> sorted = speeds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double min() {
        return speeds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double max() {
        return speeds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** How many times as fast as {@code other} this is, by medians. */
    double ratioTo(Series other) {
        return median() / other.median();
    }
}
