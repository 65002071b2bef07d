package dev.fovea.task.autoencode;

import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;

/**
 * The corruption of the input of a denoising autoencoder (Vincent et al. 2008): Gaussian noise on every value,
 * then salt and pepper, then black pixels; the last two take all channels of a pixel alike.
 */
record Corruption(Reconstruction task) {

    /** A corrupted copy of images [N, C, H, W]; the images themselves if all settings are 0. */
    Tensor of(Tensor images, Random random) {
        Tensor corrupted = images;
        if (task.noise() > 0) {
            Tensor normal = Tensor.randn(random, images.shape()).to(images.device());
            corrupted = corrupted.add(normal.mul(task.noise()));
        }
        if (task.saltAndPepper() > 0) {
            Tensor dice = perPixel(images, random);
            double half = task.saltAndPepper() / 2;
            Tensor black = dice.mul(0);
            corrupted = Tensor.where(dice.ge(half), corrupted, black);
            corrupted = Tensor.where(dice.ge(1 - half), black.add(1), corrupted);
        }
        if (task.masked() > 0) {
            corrupted = corrupted.mul(perPixel(images, random).ge(task.masked()).to(DType.FLOAT32));
        }
        return corrupted;
    }

    /** Evenly from 0 to 1, one for each pixel: [N, 1, H, W]. */
    private static Tensor perPixel(Tensor images, Random random) {
        return Tensor.rand(random, images.size(0), 1, images.size(2), images.size(3))
                .to(images.device());
    }
}
