package dev.fovea.explain;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/**
 * RISE (Petsiuk et al. 2018, <a href="https://arxiv.org/abs/1806.07421">1806.07421</a>): the mean of many random masks, each
 * weighted by the probability of the class for what it leaves of the image. What is masked has the mean colour of the image.
 * The masks are the same in every run.
 */
public final class Rise implements Explainer {

    private static final RandomMasks MASKS = new RandomMasks(1024, 32, 7);

    @Override
    public String word() {
        return "rise";
    }

    @Override
    public String needs() {
        return "images as its input";
    }

    @Override
    public boolean fits(Layer net) {
        return true;
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        return explain(net, input, label, Progress.NONE);
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label, Progress progress) {
        return MASKS.mean(input, images -> net.forward(images).softmax(1).select(1, label), progress);
    }
}
