package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * Causal convolution over time: {@code [N, T, in]} to {@code [N, T, out]}, a step seeing itself and those {@code
 * dilation}, {@code 2 dilation}, ... steps before (Bai et al. 2018, <a
 * href="https://arxiv.org/abs/1803.01271">1803.01271</a>). Weight {@code [out, in, kernel, 1]}.
 */
public final class TemporalConv extends Leaf {

    private final int kernel;
    private final int dilation;
    private final int stride;

    /**
     * @param kernel steps that are seen, at least 1
     * @param dilation distance between them, at least 1
     */
    public TemporalConv(int in, int out, int kernel, int dilation) {
        this(in, out, kernel, dilation, 1);
    }

    /**
     * @param kernel steps that are seen, at least 1
     * @param dilation distance between them, at least 1
     * @param stride each so-manieth step is given, counted back from the last; at least 1
     */
    public TemporalConv(int in, int out, int kernel, int dilation, int stride) {
        super("tconv");
        if (in < 1 || out < 1 || kernel < 1 || dilation < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "tconv: in, out, kernel, dilation and stride must be at least 1, got %s, %s, %s, %s, %s"
                            .formatted(in, out, kernel, dilation, stride));
        }
        this.kernel = kernel;
        this.dilation = dilation;
        this.stride = stride;
        state().parameter("weight", Init.PYTORCH, out, in, kernel, 1);
        state().parameter("bias", Init.pytorchBias((long) in * kernel), out);
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor columns = x.transpose(1, 2).unsqueeze(3); // (N, in, T, 1)
        long before = (long) (kernel - 1) * dilation;
        if (before > 0) {
            Tensor nothing =
                    Tensor.zeros(x.size(0), x.size(2), before, 1).to(x.type()).to(x.device());
            columns = Tensor.cat(List.of(nothing, columns), 2);
        }
        long skipped = (x.size(1) - 1) % stride;
        return columns.narrow(2, skipped, columns.size(2) - skipped)
                .conv2d(state().get("weight"), state().get("bias"), stride, 0, dilation, 1)
                .squeeze(3)
                .transpose(1, 2);
    }
}
