package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;

/** Encodes images as sequences of tokens and decodes them. */
public interface Tokenizer extends Module {

    /** The size of the vocabulary. */
    int codes();

    /** How many tokens an image has, row by row. */
    int length();

    /** Tokens of a row. */
    int columns();

    /** Images [N, C, H, W], values 0 to 1, to tokens [N, L], int64. */
    Tensor tokens(Tensor images);

    /** Tokens [N, L] to images. */
    Tensor ofTokens(Tensor tokens);
}
