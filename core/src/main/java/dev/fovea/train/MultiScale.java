package dev.fovea.train;

import dev.fovea.engine.Seed;
import dev.fovea.image.Size;

/**
 * Training images of random sizes, one for each batch, so that objects of all sizes are seen in all sizes.
 *
 * @param least side as a share of the full one, above 0
 * @param seed of the run
 */
public record MultiScale(double least, long seed) {

    /** What both sides are multiples of: the stride of the coarsest feature maps. */
    private static final int STRIDE = 32;

    private static final long SCALES = 7;

    /**
     * The size of a batch's images: an even share of the full one, up to all of it.
     *
     * @param epoch from 1
     * @param batch of the epoch, from 0
     */
    public Size at(int epoch, int batch, Size full) {
        double scale = least
                + (1 - least)
                        * new Seed(seed).derive(SCALES, epoch, batch).random().nextDouble();
        return full.scaled(scale, STRIDE);
    }
}
