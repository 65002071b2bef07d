package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** Fully connected: {@code [..., in]} to {@code [..., out]}, {@code x weight^T + bias}; weight {@code [out, in]}. */
public final class Dense extends Leaf {

    private final boolean biased;

    public Dense(int in, int out, boolean biased) {
        super("dense");
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "dense: in and out must be at least 1, got in=%s, out=%s".formatted(in, out));
        }
        this.biased = biased;
        state().parameter("weight", Init.PYTORCH, out, in);
        if (biased) {
            state().parameter("bias", Init.pytorchBias(in), out);
        }
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.linear(state().get("weight"), biased ? state().get("bias") : null);
    }
}
