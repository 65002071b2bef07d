package dev.fovea.explain;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.GlobalAttention;
import dev.fovea.nn.Layer;

/** A method that follows attention from the tokens that the head reads back to the places of the image. */
interface AttentionExplainer extends Explainer {

    @Override
    default String needs() {
        return "attention among all places";
    }

    @Override
    default boolean quick() {
        return true;
    }

    @Override
    default boolean fits(Layer net) {
        return net instanceof GlobalAttention;
    }

    /**
     * Of each place what the head reads.
     *
     * @param readout what the head takes of each token, [1, L]
     * @param relevance of each token (column) for each (row) behind the last block, [L, L]
     */
    static float[][] map(GlobalAttention net, Tensor readout, Tensor relevance) {
        GlobalAttention.Tokens tokens = net.tokens();
        Tensor read = readout.detach().to(relevance.type()).matmul(relevance); // (1, L)
        return Grid.positive(read.narrow(1, tokens.before(), (long) tokens.rows() * tokens.columns())
                .reshape(tokens.rows(), tokens.columns()));
    }

    /** Each token is what it was. */
    static Tensor identity(long length, Tensor like) {
        Tensor positions = Tensor.arange(length);
        return positions
                .reshape(length, 1)
                .eq(positions.reshape(1, length))
                .to(like.type())
                .to(like.device());
    }
}
