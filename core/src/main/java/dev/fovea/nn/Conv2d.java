package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;

/**
 * Two-dimensional convolution: {@code [N, in, H, W]} to {@code [N, out, H', W']} with
 * {@code H' = (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1}, rounded down.
 *
 * <p>Weight {@code [out, in / groups, kernel, kernel]}, He-uniform at first as in PyTorch.
 */
public final class Conv2d extends Leaf {

    /** In one expression and as text: {@code conv 32 3 pad=same}, channels and kernel. */
    static final LayerType TYPE = new LayerType(
            "conv",
            LayerArguments.numbers(2).withOptions("stride", "pad", "dilation", "groups", "bias"),
            Maps.MADE,
            (spec, in, classes) -> {
                Window window = spec.window(1, 1);
                long height = in.height();
                long width = in.width();
                Sizes.product(spec.whole(0), Math.max(0, window.after(height)), Math.max(0, window.after(width)));
                long around = 2L * window.padding() + window.end();
                Sizes.product(height + around, width + around);
                return new Conv2d(
                        in.channels(), spec.whole(0), window, spec.whole("groups", 1), spec.whole("bias", 1) != 0);
            });

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
     * @param end zeros beyond that at the right and at the bottom
     */
    public record Window(int kernel, int stride, int padding, int dilation, int end) {
        public Window {
            if (kernel < 1 || stride < 1 || padding < 0 || dilation < 1 || end < 0) {
                throw new IllegalArgumentException(
                        "conv: kernel, stride and dilation must be at least 1 and padding at least 0, got kernel=%s, stride=%s, padding=%s, dilation=%s"
                                .formatted(kernel, stride, padding, dilation));
            }
        }

        /** With as many zeros on all sides. */
        public Window(int kernel, int stride, int padding, int dilation) {
            this(kernel, stride, padding, dilation, 0);
        }

        /**
         * Padded so that stride 1 keeps the size; with an even kernel one zero more at the right and at the bottom, as
         * PyTorch and Keras have it.
         */
        static Window same(int kernel, int stride, int dilation) {
            long zeros = (long) dilation * (kernel - 1);
            return new Window(kernel, stride, Math.toIntExact(zeros / 2), dilation, (int) (zeros % 2));
        }

        /** The size of what a side of {@code size} becomes, 0 or less if it is too small. */
        long after(long size) {
            long covered = (long) dilation * (kernel - 1) + 1;
            return Math.floorDiv(size + 2L * padding + end - covered, stride) + 1;
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
                    "conv: in and out must be multiples of groups, got in=%s, out=%s, groups=%s"
                            .formatted(in, out, groups));
        }
        this.window = window;
        this.groups = groups;
        this.biased = biased;
        int kernel = window.kernel();
        state().parameter("weight", Init.PYTORCH, out, in / groups, kernel, kernel);
        if (biased) {
            state().parameter("bias", Init.pytorchBias((long) in / groups * kernel * kernel), out);
        }
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor padded = window.end() == 0 ? x : x.padEnd(window.end());
        return padded.conv2d(
                state().get("weight"),
                biased ? state().get("bias") : null,
                window.stride(),
                window.padding(),
                window.dilation(),
                groups);
    }
}
