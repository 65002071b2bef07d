package dev.fovea.metrics.detect;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Over classes. */
final class Means {

    private Means() {}

    /** Of those that are numbers; NaN where none is. */
    static double of(int classes, IntToDoubleFunction figure) {
        return IntStream.range(0, classes)
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }
}
