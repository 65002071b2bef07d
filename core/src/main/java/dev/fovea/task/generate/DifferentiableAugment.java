package dev.fovea.task.generate;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;

/**
 * Differentiable augmentation of real and generated images alike, so that a discriminator cannot overfit a small set
 * and the augmentation does not leak into the generator: brightness, saturation, contrast, a shift by up to an eighth
 * of the side, a cutout of half the side; drawn for each image.
 *
 * <p>Zhao et al. 2020, <a href="https://arxiv.org/abs/2006.10738">Differentiable augmentation for data-efficient GAN
 * training</a>.
 */
final class DifferentiableAugment {

    private static final int SHIFT = 8;

    private DifferentiableAugment() {}

    /** Images [N, C, H, W], values 0 to 1, to the same shape; what is shifted in, and holes, are black. */
    static Tensor apply(Tensor images, Random random) {
        try (var exact = Autocast.off(images.device())) {
            return cut(shifted(coloured(images, random), random), random);
        }
    }

    private static Tensor coloured(Tensor images, Random random) {
        Tensor x = images.add(each(images, random).sub(0.5).mul(0.5));
        if (x.size(1) > 1) {
            x = scaled(x, x.mean(1).unsqueeze(1), each(x, random).mul(2));
        }
        return scaled(x, x.mean(1, 2, 3).reshape(-1, 1, 1, 1), each(x, random).add(0.5));
    }

    private static Tensor scaled(Tensor x, Tensor middle, Tensor factor) {
        return x.sub(middle).mul(factor).add(middle);
    }

    private static Tensor shifted(Tensor x, Random random) {
        return shift(x, x.size(2), random).matmul(x).matmul(shift(x, x.size(3), random));
    }

    /** [N, 1, size, size]: of each image a matrix that moves lines by a whole number. */
    private static Tensor shift(Tensor x, long size, Random random) {
        long most = size / SHIFT;
        Tensor by = each(x, random).mul(2 * most + 1).sub(most + 0.5).round().clamp(-most, most);
        Tensor to = along(x, size, 2);
        Tensor from = along(x, size, 3);
        return to.sub(from).sub(by).abs().neg().ge(-0.5).to(x.type());
    }

    private static Tensor cut(Tensor x, Random random) {
        Tensor hole = inside(x, 2, random).mul(inside(x, 3, random));
        return x.mul(hole.neg().add(1));
    }

    /** 1 in a random half of dimension {@code dim}. */
    private static Tensor inside(Tensor x, int dim, Random random) {
        long half = x.size(dim) / 2;
        Tensor at = along(x, x.size(dim), dim)
                .sub(each(x, random).mul(x.size(dim) - half + 1).sub(0.5).round());
        return at.ge(0).to(x.type()).sub(at.ge(half).to(x.type()));
    }

    /** 0 to size - 1 along one of four dimensions. */
    private static Tensor along(Tensor x, long size, int dim) {
        long[] shape = {1, 1, 1, 1};
        shape[dim] = size;
        return Tensor.arange(size).to(DType.FLOAT32).reshape(shape).to(x.device());
    }

    /** A number of 0 to 1 for each image, [N, 1, 1, 1]. */
    private static Tensor each(Tensor x, Random random) {
        return Tensor.rand(random, x.size(0), 1, 1, 1).to(x.device());
    }
}
