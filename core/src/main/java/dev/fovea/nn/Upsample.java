package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;

/** Feature maps {@code [N, C, H, W]} larger by a factor, {@code [N, C, H factor, W factor]}. */
final class Upsample extends Leaf {

    static final LayerType TYPE = new LayerType(
            "upsample", LayerArguments.numbers(1).withOptions("bilinear"), Maps.MADE, (spec, in, classes) -> {
                int factor = spec.whole(0);
                Sizes.product(in.channels(), Sizes.product(in.height(), factor), Sizes.product(in.width(), factor));
                return new Upsample(factor, spec.whole("bilinear", 0) != 0);
            });

    private final int factor;
    private final boolean bilinear;

    /** @param bilinear whether values are interpolated, and not repeated */
    Upsample(int factor, boolean bilinear) {
        super("upsample");
        this.factor = factor;
        this.bilinear = bilinear;
    }

    @Override
    public Tensor apply(Tensor x) {
        long height = x.size(2) * factor;
        long width = x.size(3) * factor;
        return bilinear ? x.upsampleBilinear(height, width) : x.upsampleNearest(height, width);
    }
}
