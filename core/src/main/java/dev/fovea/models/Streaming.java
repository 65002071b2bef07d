package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import java.util.List;

/** A network for clips that can be given them frame by frame. */
public interface Streaming extends Layer {

    /** Logits after a frame, [1, classes], and what to give with the next one. */
    record Step(Tensor logits, List<Tensor> state) {}

    /**
     * What is known before the first frame.
     *
     * @throws IllegalArgumentException if the network must see the whole clip at once
     */
    List<Tensor> start();

    /** One frame more, [1, C, H, W]. After the last, the logits are those of the whole clip. */
    Step step(Tensor frame, List<Tensor> state);
}
