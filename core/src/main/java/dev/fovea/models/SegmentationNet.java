package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import java.util.List;
import java.util.Optional;

/** A network that tells the class of each pixel of an image, of any size. */
public interface SegmentationNet extends Layer {

    /**
     * What it says while it trains.
     *
     * @param logits of each pixel, [N, classes, H, W]
     * @param auxiliary of a second head, on earlier maps, whose loss brings a gradient to them; of the same shape
     * @param presence logits of each class being anywhere in the image, [N, classes]
     */
    record Outputs(Tensor logits, Optional<Tensor> auxiliary, Optional<Tensor> presence) {

        /** Of a network with one head. */
        public static Outputs of(Tensor logits) {
            return new Outputs(logits, Optional.empty(), Optional.empty());
        }
    }

    /** Images [N, C, H, W] to logits of each pixel, [N, classes, H, W]. */
    @Override
    default Tensor apply(Tensor images) {
        return outputs(images).logits();
    }

    /** What all heads say of images [N, C, H, W]; heads that serve training alone may be left out in evaluation mode. */
    Outputs outputs(Tensor images);

    /** What the loss of the auxiliary head counts for, where that of the pixels counts 1. */
    default double auxiliaryWeight() {
        return 0.5;
    }

    /** How the names begin of the weights whose number depends on the number of classes. */
    List<String> classLayers();
}
