package dev.fovea.nn;

import dev.fovea.engine.Recorder;
import dev.fovea.engine.Tensor;

/** A module that is a function from tensor to tensor. */
public interface Layer extends Module {

    /** The layer's value at {@code x}; a recorder that is open sees what happens in which layer. */
    default Tensor forward(Tensor x) {
        return Recorder.within(this, () -> apply(x));
    }

    /** The layer's function, as {@link #forward} calls it; each layer documents the shapes. */
    Tensor apply(Tensor x);

    /** Whether gradients can be had of it; not of one that another runtime computes. */
    default boolean differentiable() {
        return true;
    }

    /**
     * The same network as a function.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Layer of(Module net) {
        if (net instanceof Layer layer) {
            return layer;
        }
        throw new IllegalArgumentException(
                ("%s is not a function of one tensor, as a classifier is, so it has no forward pass to call. "
                                + "Use the methods of its own interface")
                        .formatted(net.getClass().getSimpleName()));
    }
}
