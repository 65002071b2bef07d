package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;

/** Layer normalisation over the last dimensions (Ba et al. 2016, <a href="https://arxiv.org/abs/1607.06450">1607.06450</a>). */
public final class LayerNorm extends Leaf {

    /** In one expression and as text: {@code layernorm}. */
    static final LayerType TYPE = new LayerType(
            "layernorm",
            LayerArguments.none(),
            Maps.ANY,
            (spec, in, classes) -> new LayerNorm(
                    1e-5, in.sizes().stream().mapToLong(Long::longValue).toArray()));

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
