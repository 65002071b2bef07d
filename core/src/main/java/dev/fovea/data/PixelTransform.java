package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.SplittableRandom;

/** Changes values and leaves everything in its place: boxes, masks and labels stay as they are. */
public sealed interface PixelTransform extends Transform permits ColorTransform, ErasingTransform, AugMix, Corrupt {

    /**
     * Changes an image where it lies.
     *
     * @param pixels row by row from {@code at} on, the channels of a pixel side by side
     * @param channels 1 or 3
     */
    void apply(byte[] pixels, int at, Size size, int channels, SplittableRandom random);

    /** Whether part of what is seen may come from another place, so that boxes, masks and labels of pixels are not for it. */
    default boolean displaces() {
        return false;
    }
}
