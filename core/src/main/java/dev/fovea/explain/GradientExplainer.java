package dev.fovea.explain;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/** A method that asks for nothing but gradients with respect to pixels, which every network has that is computed here. */
interface GradientExplainer extends Explainer {

    int MOST_IMAGES = 16;
    long MOST_VALUES = 600_000;

    @Override
    default String needs() {
        return "gradients";
    }

    @Override
    default boolean fits(Layer net) {
        return net.differentiable();
    }

    /** Images that go through a network at once: as many as are not too large, pixels of all channels counted. */
    static int atOnce(Tensor image) {
        return (int) Math.max(1, Math.min(MOST_IMAGES, MOST_VALUES / image.elements()));
    }

    /**
     * The gradient of the class's logit with respect to the pixels of each image.
     *
     * @param images [N, C, H, W]
     * @return the same shape
     */
    static Tensor gradient(Layer net, Tensor images, int label) {
        Tensor leaf = images.detach().copy().requireGrad(true);
        return net.forward(leaf).select(1, label).sum().gradient(leaf).detach();
    }
}
