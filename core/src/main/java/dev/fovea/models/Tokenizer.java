package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** Pictures as rows of tokens and back. */
public interface Tokenizer extends Layer {

    /** How many different tokens there are. */
    int codes();

    /** How many tokens a picture has, row by row. */
    int length();

    /** Tokens of a row. */
    int columns();

    /** Pictures [N, C, H, W], values 0 to 1, to tokens [N, L], int64. */
    Tensor tokens(Tensor pictures);

    /** Tokens [N, L] to pictures. */
    Tensor ofTokens(Tensor tokens);
}
