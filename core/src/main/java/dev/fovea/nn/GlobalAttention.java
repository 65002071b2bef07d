package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.function.UnaryOperator;

/** A transformer whose tokens are places of the image, each of which attends to all others in every block. */
public interface GlobalAttention extends Layer {

    /**
     * What its tokens stand for.
     *
     * @param before tokens that stand for no place, as a class token does, which come first
     * @param rows of the places, which follow row by row
     */
    record Tokens(int before, int rows, int columns) {}

    /** The tokens of each image. */
    Tokens tokens();

    /**
     * What a pass gave.
     *
     * @param logits [N, K]
     * @param readout [N, L]: what share of the head's input comes from each token, in sum 1
     */
    record Pass(Tensor logits, Tensor readout) {}

    /**
     * A forward pass whose attention can be seen.
     *
     * @param x images [N, C, H, W]
     * @param seen is given the attention weights of each block, [N, heads, L, L], the first block first; what it gives back
     *     is used in their place
     */
    Pass forward(Tensor x, UnaryOperator<Tensor> seen);
}
