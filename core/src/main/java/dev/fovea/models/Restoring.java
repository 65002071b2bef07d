package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network that makes sound pictures of damaged ones; values 0 to 1. */
public interface Restoring extends Layer {

    /**
     * Damaged pictures [N, C, H, W], with a guide [N, 1, H, W] behind them where {@link #guided}, to sound ones
     * [N, C, H scale, W scale].
     */
    @Override
    Tensor forward(Tensor damaged);

    /** Whether it is told how much, or where, each pixel is damaged. */
    boolean guided();

    /** By how much the sound picture is larger. */
    int scale();

    /** What the sides of a picture must be multiples of. */
    int stride();

    /** How many pixels away, of the damaged picture, something can change a restored pixel at most. */
    int reach();
}
