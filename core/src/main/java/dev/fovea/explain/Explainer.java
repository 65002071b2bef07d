package dev.fovea.explain;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** Says which parts of an image, or which frames of a clip, the score of a class depends on. */
public interface Explainer {

    /** Its word, such as {@code grad-cam}. */
    String word();

    /** Whether it explains clips, frame by frame, and not images. */
    default boolean clips() {
        return false;
    }

    /** Whether one pass is enough, so that reports can explain many images. */
    default boolean quick() {
        return false;
    }

    /** What a network must have for it, such as {@code feature maps}. */
    String needs();

    /** Whether a network has that. */
    boolean fits(Layer net);

    /**
     * How much each part speaks for a class.
     *
     * @param net a classifier in evaluation mode, which stays as it is
     * @param input one image as the network sees it, [1, C, H, W], or a clip, [1, C, T, H, W]
     * @param label the class, as a position in the logits
     * @return of an image values from 0 to 1, [rows][columns] of as coarse a grid as the method has, of which the largest
     *     is 1, or all 0 where nothing speaks for the class; of a clip one row with a number for each frame, negative where
     *     it speaks against the class
     * @throws IllegalArgumentException if the network lacks what the method needs
     */
    float[][] explain(Layer net, Tensor input, int label);

    /** Hears how far an explanation of many passes is; what it throws ends it. */
    @FunctionalInterface
    interface Progress {

        /** Nobody listens. */
        Progress NONE = (done, all) -> {};

        /** @param done passes of {@code all} */
        void at(int done, int all);
    }

    /** The same, watched; a method of one pass says nothing. */
    default float[][] explain(Layer net, Tensor input, int label, Progress progress) {
        return explain(net, input, label);
    }

    /** @throws IllegalArgumentException if the network lacks what it needs */
    default void check(Layer net) {
        if (!fits(net)) {
            throw new IllegalArgumentException("%s: needs a network with %s, this has none".formatted(word(), needs()));
        }
    }
}
