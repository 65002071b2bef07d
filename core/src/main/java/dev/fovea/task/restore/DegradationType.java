package dev.fovea.task.restore;

import dev.fovea.train.Task;
import java.util.Locale;

/** What degraded an image that is to be restored. */
public enum DegradationType {
    /** Gaussian noise; the amount is its standard deviation, of values from 0 to 255. */
    NOISE(0, 255, 25, 25),
    /** JPEG of that quality, 1 to 100. */
    JPEG(1, 100, 10, 40),
    /** That share of the image covered by rectangles. */
    HOLES(0, 1, 0.05, 0.2),
    /** A smaller image, by that whole factor. */
    SCALE(2, 8, 2, 2);

    final double least;
    final double most;
    final double low;
    final double high;

    /** Possible amounts, and those that a run draws from if it names none. */
    DegradationType(double least, double most, double low, double high) {
        this.least = least;
        this.most = most;
        this.low = low;
        this.high = high;
    }

    /** Its word in recipes. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there can be no such amount of this degradation */
    public void check(double amount) {
        Task.check(
                amount >= least && amount <= most,
                "an amount of degradation must be %s to %s for %s, got %s",
                plain(least),
                plain(most),
                word(),
                plain(amount));
    }

    void check(double from, double to) {
        String got = "got task.low=%s, task.high=%s".formatted(plain(from), plain(to));
        Task.check(
                from >= least && to <= most && from <= to,
                "task.low and task.high must be %s to %s for task.degradation=%s, low not above high, %s",
                plain(least),
                plain(most),
                word(),
                got);
        Task.check(to > 0, "task.high must be above 0, else nothing is degraded, %s", got);
        Task.check(this != HOLES || to < 1, "task.high must be below 1, else nothing is left, %s", got);
        Task.check(
                this != SCALE || (from == to && to == Math.rint(to)),
                "task.low and task.high must be the same whole number for task.degradation=scale, %s",
                got);
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : "" + value;
    }
}
