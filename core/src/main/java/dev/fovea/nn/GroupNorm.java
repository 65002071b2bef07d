package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;

/** Group normalisation of {@code [N, C, ...]} (Wu and He 2018, <a href="https://arxiv.org/abs/1803.08494">1803.08494</a>). */
public final class GroupNorm extends Leaf {

    /** In one expression and as text: {@code groupnorm 8}, the groups. */
    static final LayerType TYPE = new LayerType(
            "groupnorm",
            LayerArguments.numbers(1),
            Maps.ANY,
            (spec, in, classes) -> new GroupNorm(spec.whole(0), in.channels()));

    private final int groups;

    /** @throws IllegalArgumentException if {@code groups} does not divide {@code channels} */
    public GroupNorm(int groups, int channels) {
        super("groupnorm");
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    "groupnorm: channels must be a multiple of groups, got channels=%s, groups=%s"
                            .formatted(channels, groups));
        }
        this.groups = groups;
        state().parameter("weight", Tensor.ones(channels));
        state().parameter("bias", Tensor.zeros(channels));
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.groupNorm(groups, state().get("weight"), state().get("bias"), 1e-5);
    }
}
