package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** A fully connected layer with a {@link SpectralWeight}: {@code [..., in]} to {@code [..., out]}. */
public final class SpectralDense extends Leaf {

    private final SpectralWeight weight;

    public SpectralDense(int in, int out) {
        super("spectraldense");
        weight = new SpectralWeight(state(), Init.PYTORCH, out, in);
        state().parameter("bias", Tensor.zeros(out));
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.linear(weight.divided(), state().get("bias"));
    }
}
