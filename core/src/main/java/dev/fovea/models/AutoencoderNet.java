package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network with an encoder and a decoder; images have values 0 to 1. */
public interface AutoencoderNet extends EncoderNet, Layer {

    /** Codes [N, D] to images [N, C, H, W], values 0 to 1. */
    Tensor decode(Tensor codes);

    /** Whether every value of a code is between 0 and 1, as after a sigmoid. */
    default boolean boundedCode() {
        return false;
    }

    /** Reconstructions of images [N, C, H, W]: the same shape, values 0 to 1. */
    @Override
    default Tensor apply(Tensor images) {
        return decode(encode(images));
    }
}
