package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/**
 * Two-dimensional convolution: {@code [N, in, H, W]} to {@code [N, out, H', W']} with
 * {@code H' = (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1}, rounded down.
 *
 * <p>Weight {@code [out, in / groups, kernel, kernel]}, He-uniform at first as in PyTorch.
 */
public final class Conv2d extends Leaf {

    private final Window window;
    private final int groups;
    private final boolean biased;

    /**
     * Kernel size and how it moves.
     *
     * @param kernel side in pixels, at least 1
     * @param stride step in pixels, at least 1
     * @param padding zeros on each side
     * @param dilation distance of the kernel's taps, at least 1
     */
    public record Window(int kernel, int stride, int padding, int dilation) {
        public Window {
            if (kernel < 1 || stride < 1 || padding < 0 || dilation < 1) {
                throw new IllegalArgumentException(
                        "conv: kernel, stride and dilation must be at least 1 and padding at least 0, got kernel=%d, stride=%d, padding=%d, dilation=%d"
                                .formatted(kernel, stride, padding, dilation));
            }
        }

        /** Without dilation. */
        public static Window of(int kernel, int stride, int padding) {
            return new Window(kernel, stride, padding, 1);
        }
    }

    /** @throws IllegalArgumentException if {@code groups} does not divide {@code in} and {@code out} */
    public Conv2d(int in, int out, Window window, int groups, boolean biased) {
        super("conv");
        if (in < 1 || out < 1 || groups < 1 || in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException(
                    "conv: in and out must be multiples of groups, got in=%d, out=%d, groups=%d"
                            .formatted(in, out, groups));
        }
        this.window = window;
        this.groups = groups;
        this.biased = biased;
        int kernel = window.kernel();
        Tensor weight = Init.PYTORCH.fill(Tensor.zeros(out, in / groups, kernel, kernel));
        state().parameter("weight", weight);
        if (biased) {
            state().parameter("bias", Init.pytorchBias(weight, out));
        }
    }

    @Override
    protected Tensor apply(Tensor x) {
        return x.conv2d(
                state().get("weight"),
                biased ? state().get("bias") : null,
                window.stride(),
                window.padding(),
                window.dilation(),
                groups);
    }

    @Override
    protected long macs(Tensor in, Tensor out) {
        return out.elements() * state().get("weight").elements() / out.size(1);
    }
}
