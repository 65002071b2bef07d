package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;

/** Fully connected: {@code [..., in]} to {@code [..., out]}, {@code x weight^T + bias}; weight {@code [out, in]}. */
public final class Dense extends Leaf {

    /** In one expression and as text: {@code dense 64}, or {@code dense classes}. */
    static final LayerType TYPE = new LayerType(
            "dense",
            LayerArguments.numbers(1).withWord("classes", Spec.CLASSES).withOptions("bias"),
            Maps.ANY,
            (spec, in, classes) -> {
                int out = spec.values().get(0) == Spec.CLASSES ? classes : spec.whole(0);
                if (out < 1) {
                    throw new IllegalArgumentException(
                            "dense classes: the class count is not known here, give a number");
                }
                long last = in.sizes().get(in.sizes().size() - 1);
                return new Dense(Math.toIntExact(last), out, spec.whole("bias", 1) != 0);
            });

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
