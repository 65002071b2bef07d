package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** Layer normalisation over the last dimensions (Ba et al. 2016, <a href="https://arxiv.org/abs/1607.06450">1607.06450</a>). */
public final class LayerNorm extends Leaf {

    private final double eps;

    /** @param shape sizes of the last dimensions */
    public LayerNorm(double eps, long... shape) {
        super("layernorm");
        this.eps = eps;
        state().parameter("weight", Tensor.ones(shape));
        state().parameter("bias", Tensor.zeros(shape));
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.layerNorm(state().get("weight"), state().get("bias"), eps);
    }
}
