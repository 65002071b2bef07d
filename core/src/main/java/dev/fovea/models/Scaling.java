package dev.fovea.models;

import java.util.Locale;

/** How a family's widths and depths follow from two factors. */
final class Scaling {

    private static final double LEAST = 0.01;
    private static final double MOST = 16;
    private static final int MULTIPLE = 8;
    private static final double KEPT = 0.9;

    private Scaling() {}

    /** The nearest multiple of 8, but not less than nine tenths of {@code channels}. */
    static int channels(double channels) {
        int near = Math.max(MULTIPLE, (int) (channels + MULTIPLE / 2.0) / MULTIPLE * MULTIPLE);
        return near < KEPT * channels ? near + MULTIPLE : near;
    }

    /** So many times as many blocks, rounded up. */
    static int depth(int blocks, double factor) {
        return (int) Math.ceil(blocks * factor);
    }

    /** @throws IllegalArgumentException if a factor is not from 0.01 to 16 */
    static void checkFactor(String option, double value) {
        check(option, value, value >= LEAST && value <= MOST, "from 0.01 to 16");
    }

    /** @throws IllegalArgumentException if a probability is not from 0 to below 1 */
    static void checkProbability(String option, double value) {
        check(option, value, value >= 0 && value < 1, "from 0 to below 1");
    }

    private static void check(String option, double value, boolean holds, String range) {
        if (!holds) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "option %s must be a number %s, got %s", option, range, value));
        }
    }
}
