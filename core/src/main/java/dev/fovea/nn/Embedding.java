package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** A table of vectors: indices {@code [...]} (int64) to {@code [..., width]}; weight {@code [entries, width]}. */
public final class Embedding extends Leaf {

    public Embedding(int entries, int width) {
        super("embedding");
        state().parameter("weight", Initializer.normal(1), entries, width);
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.embedding(state().get("weight"));
    }
}
