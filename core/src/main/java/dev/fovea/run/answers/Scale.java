package dev.fovea.run.answers;

import dev.fovea.metrics.Interval;
import java.util.Comparator;
import java.util.List;

/** What a number says about an answer. */
public enum Scale {
    /** From 0 to 1, the more the better. */
    SHARE,
    /** The more the better. */
    MORE,
    /** The less the better. */
    LESS,
    /** The nearer to 0 the better, such as an error. */
    ZERO,
    /** Neither end is better. */
    NEITHER;

    /** By what answers of such a number are compared. */
    double compared(double value) {
        return this == ZERO ? Math.abs(value) : value;
    }

    /** In which the mean of compared numbers probably lies; not numbers where that is not known. */
    Interval interval(List<Double> values) {
        return this == SHARE ? Interval.ofMean(values) : Interval.ofNumbers(values);
    }

    /** Whether numbers in an interval are worse than those of all by more than chance explains. */
    boolean worse(Interval own, double all) {
        return switch (this) {
            case SHARE, MORE -> own.high() < all;
            case LESS, ZERO -> own.low() > all;
            case NEITHER -> false;
        };
    }

    /** Compared numbers, the worst first; where neither end is worse, the highest. */
    public Comparator<Double> worstFirst() {
        return this == SHARE || this == MORE ? Comparator.naturalOrder() : Comparator.reverseOrder();
    }
}
