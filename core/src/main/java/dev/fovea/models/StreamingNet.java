package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import java.util.List;

/** A network for clips that takes them frame by frame. */
public interface StreamingNet extends Layer {

    /** Logits after a frame, [1, classes], and the state for the next one. */
    record Step(Tensor logits, List<Tensor> state) {}

    /**
     * The state before the first frame.
     *
     * @throws IllegalArgumentException if the network needs the whole clip at once
     */
    List<Tensor> start();

    /** One frame more, [1, C, H, W]. After the last, the logits are those of the whole clip. */
    Step step(Tensor frame, List<Tensor> state);
}
