package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network that turns pictures, values 0 to 1, into codes and codes into pictures. */
public interface Coding extends Layer {

    /** Pictures [N, C, H, W] to codes [N, D]. */
    Tensor encode(Tensor pictures);

    /** Codes [N, D] to pictures [N, C, H, W], values 0 to 1. */
    Tensor decode(Tensor codes);

    @Override
    default Tensor forward(Tensor pictures) {
        return decode(encode(pictures));
    }
}
