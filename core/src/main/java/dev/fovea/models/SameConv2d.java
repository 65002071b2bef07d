package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Init;
import dev.fovea.nn.Leaf;

/**
 * A convolution without bias that is padded as TensorFlow's SAME: [N, in, H, W] to [N, out, ceil(H / stride),
 * ceil(W / stride)], with as few zeros as that takes, the odd one at the right and at the bottom. With stride 2 an even
 * side of the image is so padded otherwise than an odd one.
 */
final class SameConv2d extends Leaf {

    private final int kernel;
    private final int stride;
    private final int groups;

    SameConv2d(int in, int out, int kernel, int stride, int groups) {
        super("conv");
        this.kernel = kernel;
        this.stride = stride;
        this.groups = groups;
        state().parameter("weight", Init.PYTORCH, out, in / groups, kernel, kernel);
    }

    @Override
    public Tensor apply(Tensor x) {
        long rows = zeros(x.size(2));
        long columns = zeros(x.size(3));
        Tensor padded = x.pad(columns / 2, columns - columns / 2, rows / 2, rows - rows / 2);
        return padded.conv2d(state().get("weight"), null, stride, 0, 1, groups);
    }

    private long zeros(long side) {
        long after = (side + stride - 1) / stride;
        return Math.max(0, (after - 1) * stride + kernel - side);
    }
}
