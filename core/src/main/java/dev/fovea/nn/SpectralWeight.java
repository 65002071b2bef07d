package dev.fovea.nn;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;

/**
 * A weight divided by its largest singular value, found by one power iteration a training step: no discriminator made of
 * these can be steep (Miyato et al. 2018, <a href="https://arxiv.org/abs/1802.05957">1802.05957</a>).
 */
final class SpectralWeight {

    private static final int FIRST_ITERATIONS = 10;

    private final State state;

    /** Keeps a weight of shape [rows, ...] in {@code state}, and beside it the vector of the iteration. */
    SpectralWeight(State state, Initializer initializer, long... shape) {
        this.state = state;
        state.parameter("weight", initializer, shape);
        state.buffer(
                "u",
                (u, random) -> {
                    u.normal_(random, 0, 1);
                    for (int i = 0; i < FIRST_ITERATIONS; i++) {
                        iterate();
                    }
                },
                shape[0]);
    }

    /** The divided weight, float32, of the shape of the one that learns. */
    Tensor divided() {
        if (state.training()) {
            iterate();
        }
        Tensor weight = state.get("weight");
        try (var exact = Autocast.off(weight.device())) {
            Tensor matrix = weight.flatten(1, -1);
            Tensor u = state.get("u").copy();
            Tensor v = unit(matrix.detach().transpose(0, 1).matmul(u));
            return weight.div(matrix.matmul(v).mul(u).sum());
        }
    }

    private void iterate() {
        try (var noGrad = new NoGrad();
                var exact = Autocast.off(state.get("u").device())) {
            Tensor matrix = state.get("weight").detach().flatten(1, -1);
            Tensor u = state.get("u");
            u.copy_(unit(matrix.matmul(unit(matrix.transpose(0, 1).matmul(u)))));
        }
    }

    private static Tensor unit(Tensor vector) {
        return vector.div(vector.norm().add(1e-12));
    }
}
