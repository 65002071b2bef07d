package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;

/**
 * Transposed convolution: {@code [N, in, H, W]} to {@code [N, out, H', W']} with
 * {@code H' = (H - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1}.
 *
 * <p>Weight {@code [in, out, kernel, kernel]}.
 */
public final class ConvTranspose2d extends Leaf {

    /** In one expression and as text: {@code deconv 32 4 stride=2 pad=1}, channels and kernel. */
    static final LayerType TYPE = new LayerType(
            "deconv",
            LayerArguments.numbers(2).withOptions("stride", "pad", "dilation", "outpad"),
            Maps.MADE,
            (spec, in, classes) -> {
                Conv2d.Window window = spec.symmetricWindow(1, 1);
                int more = spec.whole("outpad", 0);
                Sizes.product(spec.whole(0), after(window, more, in.height()), after(window, more, in.width()));
                return new ConvTranspose2d(in.channels(), spec.whole(0), window, more);
            });

    /** The size of what a side of {@code size} becomes, or 0. */
    private static long after(Conv2d.Window window, int outputPadding, long size) {
        long reach = (long) window.dilation() * (window.kernel() - 1) + 1 + outputPadding - 2L * window.padding();
        return Math.max(0, (size - 1) * window.stride() + reach);
    }

    private final Conv2d.Window window;
    private final int outputPadding;
    private final boolean biased;

    /** With a bias. */
    public ConvTranspose2d(int in, int out, Conv2d.Window window, int outputPadding) {
        this(in, out, window, outputPadding, true);
    }

    /**
     * @param outputPadding extra rows and columns at the far edges, below the stride
     * @param biased whether a number is added to each channel; none is needed below a batch norm
     */
    public ConvTranspose2d(int in, int out, Conv2d.Window window, int outputPadding, boolean biased) {
        super("deconv");
        if (outputPadding < 0 || outputPadding >= Math.max(window.stride(), window.dilation())) {
            throw new IllegalArgumentException(
                    "deconv: output padding must be 0 to below the stride, got outpad=%s, stride=%s"
                            .formatted(outputPadding, window.stride()));
        }
        this.window = window;
        this.outputPadding = outputPadding;
        this.biased = biased;
        int kernel = window.kernel();
        state().parameter("weight", Init.PYTORCH, in, out, kernel, kernel);
        if (biased) {
            state().parameter("bias", Init.pytorchBias((long) out * kernel * kernel), out);
        }
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.convTranspose2d(
                state().get("weight"),
                biased ? state().get("bias") : null,
                window.stride(),
                window.padding(),
                outputPadding,
                window.dilation(),
                1);
    }
}
