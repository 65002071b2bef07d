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
    private final boolean channels;

    /** @param shape sizes of the last dimensions */
    public LayerNorm(double eps, long... shape) {
        this(eps, false, shape);
    }

    private LayerNorm(double eps, boolean channels, long... shape) {
        super("layernorm");
        this.eps = eps;
        this.channels = channels;
        state().parameter("weight", Tensor.ones(shape));
        state().parameter("bias", Tensor.zeros(shape));
    }

    /** Over the channels of maps {@code [N, C, H, W]}, at each place by itself. */
    public static LayerNorm ofChannels(double eps, long channels) {
        return new LayerNorm(eps, true, channels);
    }

    @Override
    public Tensor apply(Tensor x) {
        return channels ? over(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) : over(x);
    }

    private Tensor over(Tensor x) {
        return x.layerNorm(state().get("weight"), state().get("bias"), eps);
    }
}
