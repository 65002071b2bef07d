package dev.fovea.nn;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Multi-head self-attention: {@code [N, L, D]} to the same shape (Vaswani et al. 2017,
 * <a href="https://arxiv.org/abs/1706.03762">1706.03762</a>, section 3.2).
 *
 * <p>Step by step, for each of the heads on its own slice of {@code D / heads} values:
 * <ol>
 *   <li>queries, keys and values are three linear images of the input: {@code q = x Wq, k = x Wk, v = x Wv};
 *   <li>the score of position i for position j is {@code q_i · k_j / sqrt(D / heads)};
 *   <li>where the attention is causal, a position has no score for those after it;
 *   <li>softmax over j turns the scores of a position into weights that sum to 1;
 *   <li>its result is the sum of all {@code v_j}, each times its weight;
 *   <li>the results of all heads, side by side, go through an output projection.
 * </ol>
 * {@link #stepByStep} is written like that; {@link #fused} gives the same through libtorch's fused kernel.
 */
public class SelfAttention extends Net implements Layer {

    /** Up to so many positions plain matrix products are about as fast (decision 10). */
    private static final int FEW = 64;

    /** The same for an odd number of positions in bfloat16, on which the fused kernel takes several times as long. */
    private static final int MANY = 1024;

    /** What published weights call the two products: with a dot behind the first where it is a layer of its own. */
    public enum Names {
        TIMM("qkv.", "proj"),
        /** PyTorch's {@code MultiheadAttention}. */
        PYTORCH("in_proj_", "out_proj"),
        /** torchvision's MaxViT. */
        MAXVIT("to_qkv.", "merge");

        private final String qkv;
        private final String projection;

        Names(String qkv, String projection) {
            this.qkv = qkv;
            this.projection = projection;
        }
    }

    private final Names names;
    private final boolean biased;
    private final List<Dense> layer;
    private final State qkv;
    private final Dense projection;
    private final int heads;
    private final boolean causal;
    private final Dropout dropout;

    /**
     * @param width D, a multiple of {@code heads}
     * @param causal whether a position sees only those up to itself
     */
    public SelfAttention(int width, int heads, boolean causal) {
        this(Names.TIMM, width, heads, causal, true);
    }

    /**
     * With weights under other names.
     *
     * @param biased whether something is added to queries, keys and values
     */
    public SelfAttention(Names names, int width, int heads, boolean causal, boolean biased) {
        this(names, width, heads, causal, biased, 0);
    }

    /** @param dropout share of the attention weights that are zeroed while training, from 0 to below 1 */
    public SelfAttention(Names names, int width, int heads, boolean causal, boolean biased, double dropout) {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "attention: width must be a multiple of heads, got width=%s, heads=%s".formatted(width, heads));
        }
        this.heads = heads;
        this.causal = causal;
        this.names = names;
        this.biased = biased;
        if (names.qkv.endsWith(".")) {
            String name = names.qkv.substring(0, names.qkv.length() - 1);
            layer = List.of(add(name, new Dense(width, 3 * width, biased)));
            qkv = layer.get(0).state();
        } else {
            layer = List.of();
            qkv = state();
            qkv.parameter(own("weight"), Init.GLOROT_UNIFORM, 3L * width, width);
            if (biased) {
                qkv.parameter(own("bias"), Tensor.zeros(3L * width));
            }
        }
        projection = add(names.projection, new Dense(width, width, true));
        var drop = new Dropout(Dropout.Unit.ELEMENT, dropout);
        this.dropout = dropout > 0 ? add("attn_drop", drop) : drop;
    }

    /** Keys and values of positions gone by, so that one more position costs one position. */
    public static final class Cache {

        private final Tensor keys;
        private final Tensor values;
        private long length;

        private Cache(Tensor keys, Tensor values) {
            this.keys = keys;
            this.values = values;
        }

        /** All keys and values, the new ones behind those gone by. */
        private List<Tensor> with(Tensor key, Tensor value) {
            keys.narrow(2, length, 1).copy_(key);
            values.narrow(2, length, 1).copy_(value);
            length++;
            return List.of(
                    keys.narrow(2, 0, length).to(key.type()),
                    values.narrow(2, 0, length).to(value.type()));
        }
    }

    /** An empty cache for {@code count} sequences of at most {@code most} positions; its memory is taken at once. */
    public Cache cache(long count, int most) {
        Tensor weight = weight();
        long width = weight.size(1);
        Tensor keys = Tensor.zeros(count, heads, most, width / heads).to(weight.device());
        return new Cache(keys, keys.copy());
    }

    @Override
    public Tensor apply(Tensor x) {
        List<Tensor> parts = parts(x);
        return dropout.active() || !fusedIsFaster(x.size(1), parts.get(0).type()) ? stepByStep(parts) : fused(parts);
    }

    /** Whether libtorch's kernel takes less time than plain products for that many keys. */
    static boolean fusedIsFaster(long length, DType type) {
        boolean isSlowKind = type == DType.BFLOAT16 && length % 2 == 1;
        return length > (isSlowKind ? MANY : FEW);
    }

    /** The same as {@link #stepByStep} through libtorch's kernel, which never holds all the weights at once. */
    public Tensor fused(Tensor x) {
        return fused(parts(x));
    }

    private Tensor fused(List<Tensor> parts) {
        Tensor seen = causal
                ? parts.get(0).causalAttention(parts.get(1), parts.get(2))
                : parts.get(0).attention(parts.get(1), parts.get(2));
        return joined(seen);
    }

    /** The newest position [N, 1, D], seeing itself and all those in the cache, which it joins. */
    public Tensor forward(Tensor x, Cache cache) {
        List<Tensor> parts = parts(x);
        List<Tensor> seen = cache.with(parts.get(1), parts.get(2));
        return joined(parts.get(0).attention(seen.get(0), seen.get(1)));
    }

    /**
     * As {@link #forward(Tensor)}, no position seeing those that the mask hides.
     *
     * @param mask [N, L], 1 where a position counts, 0 where it is mere padding
     */
    public Tensor forward(Tensor x, Tensor mask) {
        List<Tensor> parts = parts(x);
        Tensor scores = scores(parts);
        Tensor hidden = mask.to(scores.type()).sub(1).mul(1e9).unsqueeze(1).unsqueeze(1); // (N, 1, 1, L)
        return joined(shares(scores.add(hidden)).matmul(parts.get(2)));
    }

    /** One step of the definition a line. */
    public Tensor stepByStep(Tensor x) {
        return stepByStep(parts(x)); // queries, keys, values
    }

    private Tensor stepByStep(List<Tensor> parts) {
        Tensor scores = scores(parts); // scaled, the future hidden where causal
        Tensor weights = shares(scores); // softmax
        return joined(dropout.forward(weights).matmul(parts.get(2))); // the weighted sum of values, projected
    }

    /**
     * As {@link #stepByStep}, the weights seen by others.
     *
     * @param seen is given the weights [N, heads, L, L]; what it gives back is used in their place
     */
    public Tensor forward(Tensor x, UnaryOperator<Tensor> seen) {
        List<Tensor> parts = parts(x);
        return joined(seen.apply(shares(scores(parts))).matmul(parts.get(2)));
    }

    /** How much each position looks at each other: {@code [N, heads, L, L]}, each row sums to 1. */
    public Tensor weights(Tensor x) {
        return shares(scores(parts(x)));
    }

    /** In no less than float32: rows that sum to 1. */
    static Tensor shares(Tensor scores) {
        return (scores.type() == DType.BFLOAT16 ? scores.to(DType.FLOAT32) : scores).softmax(3);
    }

    /** How well each query fits each key, [N, heads, L, L]; keys that come later fit not at all where causal. */
    private Tensor scores(List<Tensor> parts) {
        Tensor scores = fit(parts);
        return causal ? scores.add(future(scores.size(2)).to(scores.device()).to(scores.type())) : scores;
    }

    /** Queries [N, heads, L, d] times keys [N, heads, S, d], scaled: [N, heads, L, S]. */
    static Tensor fit(List<Tensor> parts) {
        Tensor queries = parts.get(0);
        return queries.matmul(parts.get(1).transpose(2, 3)).mul(1 / Math.sqrt(queries.size(3)));
    }

    /** Minus infinity, or nearly, where the column comes after the row. */
    private static Tensor future(long length) {
        Tensor rows = Tensor.arange(length).reshape(length, 1);
        Tensor columns = Tensor.arange(length).reshape(1, length);
        return columns.sub(rows).to(DType.FLOAT32).ge(1).to(DType.FLOAT32).mul(-1e9);
    }

    private String own(String tensor) {
        return names.qkv.endsWith(".") ? tensor : names.qkv + tensor;
    }

    /** Of the products, [3 D, D]. */
    protected final Tensor weight() {
        return qkv.get(own("weight"));
    }

    /** What the products add to it, [3 D]. */
    protected final Tensor bias() {
        return qkv.get(own("bias"));
    }

    /** Queries, keys and values, one after another: [N, L, 3 D]. */
    protected Tensor products(Tensor x) {
        return layer.isEmpty()
                ? x.linear(weight(), biased ? bias() : null)
                : layer.get(0).forward(x);
    }

    /**
     * The definition with scores of another kind.
     *
     * @param fit of queries and keys, both [N, heads, L, d], to scores [N, heads, L, L]
     */
    protected final Tensor attend(Tensor x, BinaryOperator<Tensor> fit) {
        List<Tensor> parts = parts(x);
        return joined(shares(fit.apply(parts.get(0), parts.get(1))).matmul(parts.get(2)));
    }

    /** Queries, keys and values: each [N, heads, L, d]. */
    private List<Tensor> parts(Tensor x) {
        Tensor all = products(x).reshape(x.size(0), x.size(1), 3, heads, -1).permute(2, 0, 3, 1, 4);
        return List.of(all.select(0, 0), all.select(0, 1), all.select(0, 2));
    }

    /** Heads side by side, through the output projection. */
    private Tensor joined(Tensor heads) {
        return projection.forward(heads.transpose(1, 2).flatten(2, 3));
    }
}
