package dev.fovea.nn;

import dev.fovea.engine.Recorder;
import dev.fovea.engine.Tensor;

/** A function from tensor to tensor that owns its weights. */
public interface Layer {

    /** The layer's value at {@code x}; a recorder that is open sees what happens in which layer. */
    default Tensor forward(Tensor x) {
        return Recorder.within(this, () -> apply(x));
    }

    /** The layer's function, as {@link #forward} calls it; each layer documents the shapes. */
    Tensor apply(Tensor x);

    /** Named parameters and buffers, and whether the layer trains or evaluates. */
    State state();
}
