package dev.fovea.export.quantize;

import java.util.function.Function;

/** How the range of a value is taken from the numbers that it took. */
enum RangeRule {
    /** All of them. */
    MIN_MAX("min-max", Histogram::whole),
    /** All but one of 1,000. */
    PERCENTILE("percentile", histogram -> histogram.inner(0.999)),
    /** The range with the least mean squared error. */
    SQUARED_ERROR("squared-error", Histogram::closest);

    private final String word;
    private final Function<Histogram, ValueRange> range;

    RangeRule(String word, Function<Histogram, ValueRange> range) {
        this.word = word;
        this.range = range;
    }

    String word() {
        return word;
    }

    ValueRange of(Histogram histogram) {
        return range.apply(histogram);
    }
}
