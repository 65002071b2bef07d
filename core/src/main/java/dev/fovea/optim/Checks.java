package dev.fovea.optim;

import java.util.Locale;

/** The rules for settings of optimizers. */
final class Checks {

    private Checks() {}

    static void rate(double lr) {
        require(lr > 0 && Double.isFinite(lr), "optimizer.lr must be positive, got optimizer.lr=%s", lr);
    }

    static void share(String name, double value) {
        require(
                value >= 0 && value < 1,
                "optimizer." + name + " must be 0 to below 1, got optimizer." + name + "=%s",
                value);
    }

    static void factor(String name, double value) {
        require(
                value > 0 && Double.isFinite(value),
                "optimizer." + name + " must be positive, got optimizer." + name + "=%s",
                value);
    }

    static void decay(double value) {
        require(value >= 0, "optimizer.weightDecay must be 0 or more, got optimizer.weightDecay=%s", value);
    }

    static void eps(double value) {
        require(value > 0, "optimizer.eps must be positive, got optimizer.eps=%s", value);
    }

    private static void require(boolean condition, String rule, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, rule, values));
        }
    }
}
