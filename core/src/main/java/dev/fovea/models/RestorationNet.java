package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network that restores degraded images; values 0 to 1. */
public interface RestorationNet extends Layer {

    /**
     * Damaged images [N, C, H, W], with a guide [N, 1, H, W] behind them where {@link #guided}, to clean ones
     * [N, C, H scale, W scale].
     */
    @Override
    Tensor apply(Tensor degraded);

    /** Whether it takes a guide channel: how much, or where, each pixel is degraded. */
    boolean guided();

    /** By how much the clean image is larger. */
    int scale();

    /** What the sides of an image must be multiples of. */
    int stride();

    /** The radius of the receptive field, in pixels of the degraded image. */
    int reach();
}
