package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/**
 * Convolution over time and space, without bias: {@code [N, in, T, H, W]} to {@code [N, out, T', H', W']}, each size as
 * {@link Conv2d} has it; weight {@code [out, in, kt, kh, kw]}, He-normal by its outputs at first.
 */
public final class Conv3d extends Leaf {

    private final long[] stride;
    private final long[] padding;

    /** Three numbers, of time, height and width. */
    public record Triple(int time, int height, int width) {
        long[] sizes() {
            return new long[] {time, height, width};
        }

        /** Equal height and width. */
        public static Triple of(int time, int space) {
            return new Triple(time, space, space);
        }
    }

    public Conv3d(int in, int out, Triple kernel, Triple stride, Triple padding) {
        super("conv3d");
        this.stride = stride.sizes();
        this.padding = padding.sizes();
        double fanOut = (double) out * kernel.time() * kernel.height() * kernel.width();
        Initializer heNormal = Initializer.normal(Math.sqrt(2 / fanOut));
        state().parameter("weight", heNormal, out, in, kernel.time(), kernel.height(), kernel.width());
    }

    /** A cube that keeps the size at stride 1. */
    public static Conv3d cube(int in, int out, int stride) {
        return new Conv3d(in, out, Triple.of(3, 3), Triple.of(stride, stride), Triple.of(1, 1));
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.conv3d(state().get("weight"), null, stride, padding);
    }
}
