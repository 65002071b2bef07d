package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d.Window;

/** A convolution with a {@link SpectralWeight}: {@code [N, in, H, W]} to {@code [N, out, h, w]}. */
public final class SpectralConv2d extends Leaf {

    private final Window window;
    private final SpectralWeight weight;

    public SpectralConv2d(int in, int out, Window window) {
        super("spectralconv");
        this.window = window;
        int kernel = window.kernel();
        weight = new SpectralWeight(state(), Init.PYTORCH, out, in, kernel, kernel);
        state().parameter("bias", Tensor.zeros(out));
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.conv2d(weight.divided(), state().get("bias"), window.stride(), window.padding(), window.dilation(), 1);
    }
}
