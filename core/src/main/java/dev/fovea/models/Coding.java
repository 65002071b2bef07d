package dev.fovea.models;

import dev.fovea.engine.Tensor;

/** A network that turns pictures, values 0 to 1, into codes and codes into pictures. */
public interface Coding extends Encoding {

    /** Codes [N, D] to pictures [N, C, H, W], values 0 to 1. */
    Tensor decode(Tensor codes);

    /** Whether every number of a code lies between 0 and 1, as a sigmoid makes them. */
    default boolean boundedCode() {
        return false;
    }

    @Override
    default Tensor forward(Tensor pictures) {
        return decode(encode(pictures));
    }
}
