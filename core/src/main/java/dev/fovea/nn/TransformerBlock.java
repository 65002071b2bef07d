package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/**
 * Attention, then a perceptron of four times the width, each behind a norm and added to its input:
 * {@code [N, L, D]} to the same shape.
 */
public final class TransformerBlock extends Net implements Layer {

    private final LayerNorm norm1;
    private final SelfAttention attention;
    private final LayerNorm norm2;
    private final Dense in;
    private final Dense out;

    /** @param causal whether a position sees only those up to itself */
    public TransformerBlock(int width, int heads, boolean causal) {
        norm1 = add("norm1", new LayerNorm(1e-5, width));
        attention = add("attn", new SelfAttention(width, heads, causal));
        norm2 = add("norm2", new LayerNorm(1e-5, width));
        in = add("fc1", new Dense(width, 4 * width, true));
        out = add("fc2", new Dense(4 * width, width, true));
    }

    @Override
    public Tensor apply(Tensor x) {
        return perceptron(x.add(attention.forward(norm1.forward(x))));
    }

    /** No position seeing those where {@code mask} [N, L] is 0. */
    public Tensor forward(Tensor x, Tensor mask) {
        return perceptron(x.add(attention.forward(norm1.forward(x), mask)));
    }

    /** The newest position [N, 1, D], seeing those in the cache. */
    public Tensor forward(Tensor x, SelfAttention.Cache cache) {
        return perceptron(x.add(attention.forward(norm1.forward(x), cache)));
    }

    /** As {@link SelfAttention#cache}. */
    public SelfAttention.Cache cache(long count, int most) {
        return attention.cache(count, most);
    }

    /** How much each position looks at each other: {@code [N, heads, L, L]}. */
    public Tensor weights(Tensor x) {
        return attention.weights(norm1.forward(x));
    }

    private Tensor perceptron(Tensor x) {
        return x.add(out.forward(in.forward(norm2.forward(x)).gelu()));
    }
}
