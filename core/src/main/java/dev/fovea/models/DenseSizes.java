package dev.fovea.models;

import dev.fovea.nn.Sizes;
import java.util.List;

/**
 * The measures of an autoencoder of dense layers.
 *
 * @param channels of the images
 * @param height of the images, in pixels
 * @param width of the images, in pixels
 * @param widths units of each layer of the encoder, the code last
 * @param activation of the code
 * @param batchNorm whether a batch norm stands behind every dense layer but the last
 */
record DenseSizes(
        int channels, int height, int width, List<Integer> widths, CodeActivation activation, boolean batchNorm) {

    DenseSizes {
        widths = List.copyOf(widths);
    }

    /** The number of values of an image. */
    int values() {
        return Sizes.product(channels, height, width);
    }
}
