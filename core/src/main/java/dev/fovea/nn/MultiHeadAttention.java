package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * Multi-head attention whose queries, keys and values come from different tensors: queries {@code [N, L, D]}, keys and values
 * {@code [N, S, D]} to {@code [N, L, D]} (Vaswani et al. 2017, <a href="https://arxiv.org/abs/1706.03762">1706.03762</a>, section
 * 3.2.2). {@link SelfAttention} says step by step what happens; its weights have the names of PyTorch's {@code
 * MultiheadAttention} here.
 */
public final class MultiHeadAttention extends Net {

    private final int width;
    private final int heads;
    private final Dense projection;
    private final Dropout dropout;

    /**
     * An attention.
     *
     * @param width D, a multiple of {@code heads}
     * @param dropout share of the attention weights that are zeroed while training, from 0 to below 1
     */
    public MultiHeadAttention(int width, int heads, double dropout) {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "attention: width must be a multiple of heads, got width=%s, heads=%s".formatted(width, heads));
        }
        this.width = width;
        this.heads = heads;
        state().parameter("in_proj_weight", Init.GLOROT_UNIFORM, 3L * width, width);
        state().parameter("in_proj_bias", Tensor.zeros(3L * width));
        projection = add("out_proj", new Dense(width, width, true));
        projection.state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
        this.dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, dropout));
    }

    /** What each query takes from the values, [N, L, D]; each value stands behind the key of its place. */
    public Tensor forward(Tensor queries, Tensor keys, Tensor values) {
        return within(() -> attend(List.of(part(queries, 0), part(keys, 1), part(values, 2))));
    }

    private Tensor attend(List<Tensor> parts) {
        Tensor values = parts.get(2);
        Tensor seen = dropout.active() || !SelfAttention.fusedIsFaster(values.size(2), values.type())
                ? dropout.forward(SelfAttention.shares(SelfAttention.fit(parts)))
                        .matmul(values)
                : parts.get(0).attention(parts.get(1), values);
        return projection.forward(seen.transpose(1, 2).flatten(2, 3));
    }

    /** A product with one third of the weights, head by head: [N, L, D] to [N, heads, L, D / heads]. */
    private Tensor part(Tensor x, int which) {
        Tensor weight = state().get("in_proj_weight").narrow(0, (long) which * width, width);
        Tensor bias = state().get("in_proj_bias").narrow(0, (long) which * width, width);
        return x.linear(weight, bias)
                .reshape(x.size(0), x.size(1), heads, width / heads)
                .transpose(1, 2);
    }
}
