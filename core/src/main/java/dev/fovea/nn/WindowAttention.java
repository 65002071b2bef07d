package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * Self-attention within the windows of a map, which knows how far apart two places are: windows {@code [B, L, D]}, of
 * {@code L = height width} places row by row, to the same shape (Liu et al. 2021,
 * <a href="https://arxiv.org/abs/2103.14030">2103.14030</a>, equation 4; version 2: Liu et al. 2021,
 * <a href="https://arxiv.org/abs/2111.09883">2111.09883</a>).
 */
public final class WindowAttention extends SelfAttention {

    /** How scores are made. */
    public enum Kind {
        /** Products of queries and keys over the root of their size, and a learned value for each distance. */
        TABLE,
        /** The same over the root of the size of all heads together, as torchvision's MaxViT has it. */
        TABLE_WIDE,
        /** Cosines, scaled, and for each distance what a small network makes of its logarithm. */
        CONTINUOUS
    }

    /** No distance of two places scores higher (Liu et al. 2021, version 2). */
    private static final double HIGHEST = 16;

    private static final double STEEPEST = 100;
    private static final int HIDDEN = 512;

    private final Kind kind;
    private final int height;
    private final int width;
    private final double scale;
    private final Tensor index;
    private final Tensor distances;
    private final Tensor keyless;
    private final List<Layer> small;

    /**
     * @param dims D
     * @param height of a window, in places
     */
    public WindowAttention(Kind kind, Names names, int dims, int heads, int height, int width) {
        super(names, dims, heads, false, true);
        this.kind = kind;
        this.height = height;
        this.width = width;
        scale = 1 / Math.sqrt(kind == Kind.TABLE_WIDE ? dims : (double) dims / heads);
        index = Tensor.of(index(), (long) height * width * height * width);
        if (kind == Kind.CONTINUOUS) {
            state().parameter("logit_scale", Tensor.full(Math.log(10), heads, 1, 1));
            distances = Tensor.of(distances(), (2L * height - 1) * (2L * width - 1), 2);
            keyless = Tensor.cat(List.of(Tensor.ones(dims), Tensor.zeros(dims), Tensor.ones(dims)), 0);
            small = List.of(add(
                    "cpb_mlp",
                    new Sequential(List.of(new Dense(2, HIDDEN, true), new Relu(), new Dense(HIDDEN, heads, false)))));
        } else {
            state().parameter(
                            "relative_position_bias_table",
                            Init.TRUNCATED_NORMAL,
                            (2L * height - 1) * (2L * width - 1),
                            heads);
            distances = index;
            keyless = index;
            small = List.of();
        }
    }

    /** For each pair of places, the number of its distance. */
    private long[] index() {
        int places = height * width;
        long[] all = new long[places * places];
        for (int i = 0; i < places; i++) {
            for (int j = 0; j < places; j++) {
                int down = i / width - j / width + height - 1;
                int right = i % width - j % width + width - 1;
                all[i * places + j] = (long) down * (2 * width - 1) + right;
            }
        }
        return all;
    }

    /** Logarithms of distances, from -1 to 1, rows first. */
    private float[] distances() {
        float[] all = new float[(2 * height - 1) * (2 * width - 1) * 2];
        for (int i = 0; i < all.length / 2; i++) {
            all[2 * i] = near(i / (2 * width - 1) - (height - 1), height);
            all[2 * i + 1] = near(i % (2 * width - 1) - (width - 1), width);
        }
        return all;
    }

    private static float near(int distance, int size) {
        double share = 8.0 * distance / Math.max(1, size - 1);
        return (float) (Math.signum(share) * Math.log(Math.abs(share) + 1) / Math.log(8));
    }

    @Override
    protected Tensor products(Tensor x) {
        return kind == Kind.CONTINUOUS // a key has no bias, though files hold one
                ? x.linear(weight(), bias().mul(keyless.to(x.device())))
                : super.products(x);
    }

    @Override
    public Tensor apply(Tensor x) {
        return attend(x, (queries, keys) -> fit(queries, keys).add(places(queries)));
    }

    /**
     * As {@link #forward(Tensor)}, for the windows of maps, one map after another.
     *
     * @param hidden [windows of a map, L, L], far below 0 where a place does not see another, else 0
     */
    public Tensor masked(Tensor x, Tensor hidden) {
        return within(() -> attend(x, (queries, keys) -> {
            Tensor added = places(queries).add(hidden.to(queries.type()).unsqueeze(1)); // (windows, heads, L, L)
            Tensor scores = fit(queries, keys);
            long windows = hidden.size(0);
            return scores.reshape(scores.size(0) / windows, windows, scores.size(1), scores.size(2), scores.size(3))
                    .add(added)
                    .flatten(0, 1);
        }));
    }

    private Tensor fit(Tensor queries, Tensor keys) {
        if (kind != Kind.CONTINUOUS) {
            return queries.mul(scale).matmul(keys.transpose(2, 3));
        }
        Tensor steepness =
                state().get("logit_scale").clamp(-STEEPEST, Math.log(STEEPEST)).exp();
        return unit(queries).matmul(unit(keys).transpose(2, 3)).mul(steepness.to(queries.type()));
    }

    private static Tensor unit(Tensor x) {
        return x.div(x.mul(x).sum(3).clamp(1e-24, 1e30).sqrt().unsqueeze(3));
    }

    /** In the type of the weights, which is that of the scores unless these are computed in lower precision. */
    private Tensor distances(Tensor like) {
        return distances.to(like.device()).to(state().get("logit_scale").type());
    }

    /** What is added to scores for the places alone, [1, heads, L, L]. */
    private Tensor places(Tensor like) {
        Tensor table = small.isEmpty()
                ? state().get("relative_position_bias_table")
                : small.get(0).forward(distances(like)).sigmoid().mul(HIGHEST);
        long places = (long) height * width;
        return table.indexSelect(0, index.to(like.device()))
                .reshape(places, places, -1)
                .permute(2, 0, 1)
                .unsqueeze(0)
                .to(like.type());
    }
}
