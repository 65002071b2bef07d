package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A network that reads its input step by step. */
public interface SequenceNet extends Layer {

    /** The input, or what is of its shape, as the steps that are read: [N, T, values of a step]. */
    Tensor steps(Tensor input);
}
