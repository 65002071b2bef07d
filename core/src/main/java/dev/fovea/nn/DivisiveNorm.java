package dev.fovea.nn;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;

/**
 * Generalised divisive normalisation: each channel divided by what all channels have at the same place,
 * {@code y_i = x_i / sqrt(beta_i + sum_j gamma_ij x_j^2)}, or multiplied by it, which is about its inverse;
 * {@code [N, C, H, W]} to the same shape.
 *
 * <p>Ballé, Laparra and Simoncelli, <a href="https://arxiv.org/abs/1511.06281">Density modeling of images using a
 * generalized normalization transformation</a>. Weights are kept as square roots, so that beta and gamma stay
 * positive whatever a step does to them.
 */
public final class DivisiveNorm extends Leaf {

    private static final double SMALLEST = 1e-6;

    private final boolean inverse;

    /** @param inverse whether to multiply instead of to divide */
    public DivisiveNorm(int channels, boolean inverse) {
        super(inverse ? "inversedivisivenorm" : "divisivenorm");
        this.inverse = inverse;
        state().parameter("beta", Tensor.ones(channels));
        float[] diagonal = new float[Sizes.product(channels, channels)];
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j < channels; j++) {
                // Not 0 beside the diagonal: the gradient of a square is 0 there.
                diagonal[i * channels + j] = (float) (i == j ? Math.sqrt(0.1) : 1e-2);
            }
        }
        state().parameter("gamma", Tensor.of(diagonal, channels, channels, 1, 1));
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor beta = state().get("beta");
        Tensor gamma = state().get("gamma");
        try (var exact = Autocast.off(x.device())) {
            Tensor wide = x.to(beta.type());
            // Each a whole activation: of a large image, some gigabytes.
            Tensor scale = Scope.only(() -> Scope.only(() -> wide.mul(wide)
                            .conv2d(gamma.mul(gamma), beta.mul(beta).add(SMALLEST), 1, 0, 1, 1))
                    .sqrt());
            return inverse ? wide.mul(scale) : wide.div(scale);
        }
    }
}
