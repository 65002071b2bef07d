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

    /** From the options of a model; no {@code hidden} units, no layer of them. */
    static DenseSizes of(int channels, int height, int width, Options options) {
        int bottleneck = options.whole("bottleneck");
        return new DenseSizes(
                channels,
                height,
                width,
                options.on("hidden") ? List.of(options.whole("hidden"), bottleneck) : List.of(bottleneck),
                options.one("activation", CodeActivation.class),
                options.on("batchnorm"));
    }

    /** The number of values of an image. */
    int values() {
        return Sizes.product(channels, height, width);
    }
}
