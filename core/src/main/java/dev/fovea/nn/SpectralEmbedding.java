package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** A table of vectors with a {@link SpectralWeight}: indices {@code [...]} (int64) to {@code [..., width]}. */
public final class SpectralEmbedding extends Leaf {

    private final SpectralWeight weight;

    public SpectralEmbedding(int entries, int width) {
        super("spectralembedding");
        weight = new SpectralWeight(state(), Initializer.normal(1), entries, width);
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.embedding(weight.divided());
    }
}
