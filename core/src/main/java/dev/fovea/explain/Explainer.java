package dev.fovea.explain;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** Says which parts of an image, or which frames of a clip, the score of a class depends on. */
public interface Explainer {

    /** Its word, such as {@code grad-cam}. */
    String word();

    /** Whether it explains clips, frame by frame, and not images. */
    boolean clips();

    /**
     * How much each part speaks for a class.
     *
     * @param net a classifier in evaluation mode; its gradients are as they were when this returns
     * @param input one image as the network sees it, [1, C, H, W], or a clip, [1, C, T, H, W]
     * @param label the class, as a position in the logits
     * @return of an image values from 0 to 1, [rows][columns] of as coarse a grid as the method has; of a clip one row with a
     *     number for each frame, negative where it speaks against the class
     * @throws IllegalArgumentException if the method needs something that this network lacks
     */
    float[][] explain(Layer net, Tensor input, int label);
}
