package dev.fovea.engine;

import java.util.SplittableRandom;

/**
 * Random numbers by key: a root seed, and streams derived from it by integers such as epoch and step.
 *
 * <p>Because the stream of a step depends on its key alone and not on what was drawn before, a resumed run
 * needs no saved generator state to draw the numbers of the uninterrupted one.
 *
 * @param value any 64 bits
 */
public record Seed(long value) {

    /** The seed of the stream with this key, mixed by SplitMix64's finaliser (Steele et al. 2014). */
    public Seed derive(long... key) {
        long mixed = value;
        for (long k : key) {
            mixed = mix(mixed + 0x9E3779B97F4A7C15L * (k + 1));
        }
        return new Seed(mixed);
    }

    /**
     * Random numbers from this seed, for code that has no tensors ({@link Random} is for that which has); those of
     * neighbouring seeds share none if both are derived.
     */
    public SplittableRandom random() {
        return new SplittableRandom(value);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
