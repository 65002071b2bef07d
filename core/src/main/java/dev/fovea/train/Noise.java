package dev.fovea.train;

import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;

/** Random numbers that are the same every time, so that pictures made from them can be compared. */
public final class Noise {

    private static final Seed SEED = new Seed(20_060_728);

    private Noise() {}

    /** Normal, of this shape, always the same. */
    public static Tensor fixed(long... shape) {
        SEED.apply();
        return Tensor.randn(shape);
    }
}
