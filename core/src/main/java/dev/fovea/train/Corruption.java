package dev.fovea.train;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;

/**
 * What is done to the pictures that a network is to give back sound (Vincent et al. 2008): Gaussian noise on every value,
 * then salt and pepper, then black pixels; the last two take all channels of a pixel alike.
 */
record Corruption(Task.Reconstruction task) {

    /** A damaged copy of pictures [N, C, H, W], by the engine's generator; the pictures themselves if nothing is asked. */
    Tensor of(Tensor pictures) {
        Tensor damaged = pictures;
        if (task.noise() > 0) {
            Tensor normal = Tensor.randn(pictures.shape()).to(pictures.device());
            damaged = damaged.add(normal.mul(task.noise()));
        }
        if (task.saltAndPepper() > 0) {
            Tensor dice = perPixel(pictures);
            double half = task.saltAndPepper() / 2;
            Tensor black = dice.mul(0);
            damaged = Tensor.where(dice.ge(half), damaged, black);
            damaged = Tensor.where(dice.ge(1 - half), black.add(1), damaged);
        }
        if (task.masked() > 0) {
            damaged = damaged.mul(perPixel(pictures).ge(task.masked()).to(DType.FLOAT32));
        }
        return damaged;
    }

    /** Evenly from 0 to 1, one for each pixel: [N, 1, H, W]. */
    private static Tensor perPixel(Tensor pictures) {
        return Tensor.rand(pictures.size(0), 1, pictures.size(2), pictures.size(3))
                .to(pictures.device());
    }
}
