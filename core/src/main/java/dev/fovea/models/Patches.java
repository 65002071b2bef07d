package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Sizes;
import java.util.Locale;

/**
 * Images as rows of square patches and back (Dosovitskiy et al. 2020,
 * <a href="https://arxiv.org/abs/2010.11929">2010.11929</a>, section 3.1).
 *
 * @param height of the images, a multiple of {@code side}
 * @param width of the images, a multiple of {@code side}
 * @param side of a patch, in pixels
 */
record Patches(int channels, int height, int width, int side) {

    Patches {
        if (side < 1 || height % side != 0 || width % side != 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "patches of %d pixels do not fill an image of %dx%d. Set input.size to a multiple of %1$d, or the option patch",
                    side,
                    width,
                    height));
        }
    }

    /** How many an image has. */
    int count() {
        return Sizes.product(height / side, width / side);
    }

    /** Values of one. */
    int values() {
        return Sizes.product(channels, side, side);
    }

    /** [N, C, H, W] to [N, count, values]. */
    Tensor of(Tensor images) {
        return images.reshape(-1, channels, height / side, side, width / side, side)
                .permute(0, 2, 4, 1, 3, 5)
                .reshape(-1, count(), values());
    }

    /** [N, count, values] to [N, C, H, W]. */
    Tensor joined(Tensor patches) {
        return patches.reshape(-1, height / side, width / side, channels, side, side)
                .permute(0, 3, 1, 4, 2, 5)
                .reshape(-1, channels, height, width);
    }
}
