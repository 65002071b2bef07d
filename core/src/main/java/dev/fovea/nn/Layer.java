package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** A function from tensor to tensor that owns its weights. */
public interface Layer {

    /** The layer's value at {@code x}; each layer documents the shapes. */
    Tensor forward(Tensor x);

    /** Named parameters and buffers, and whether the layer trains or evaluates. */
    State state();
}
