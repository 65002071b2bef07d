package dev.fovea.train;

import dev.fovea.image.Size;
import java.util.Locale;

/**
 * Training images that are small in the first epochs and grow: progressive resizing. Early epochs cost less, and what is
 * learned on small images serves on large ones.
 *
 * @param from side in the first epoch, share of the full one, above 0; 1 is no growth
 * @param until share of the epochs after which images have their full size, above 0 to 1
 * @param multiple of which both sides are, in pixels, at least 1
 */
public record Growth(double from, double until, int multiple) {

    /** Images of one size. */
    public static final Growth NONE = new Growth(1, 0.8, 4);

    public Growth {
        check(from > 0 && from <= 1, "from must be above 0 to 1 (off)", "from", from);
        check(until > 0 && until <= 1, "until must be above 0 to 1", "until", until);
        check(multiple >= 1 && multiple <= 1024, "multiple must be 1 to 1024", "multiple", multiple);
    }

    private static void check(boolean fits, String rule, String key, Number got) {
        if (!fits) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "input.grow.%s, got input.grow.%s=%s", rule, key, got));
        }
    }

    /** Whether there is only one size. */
    public boolean none() {
        return from == 1;
    }

    /**
     * The size of an epoch's images; it rises evenly from epoch to epoch.
     *
     * @param epoch from 1
     * @param full size of the network's input
     */
    public Size at(int epoch, int epochs, Size full) {
        double progress = (epoch - 1) / (until * epochs);
        if (none() || progress >= 1) {
            return full;
        }
        double share = from + (1 - from) * progress;
        return new Size(side(full.height(), share), side(full.width(), share));
    }

    private int side(int full, double share) {
        long side = Math.max(1, Math.round(full * share / multiple)) * multiple;
        return (int) Math.min(full, side);
    }
}
