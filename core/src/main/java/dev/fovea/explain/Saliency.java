package dev.fovea.explain;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;

/**
 * Saliency (Simonyan et al. 2013, <a href="https://arxiv.org/abs/1312.6034">1312.6034</a>): the size of the gradient of the
 * class's logit with respect to a pixel, that of the channel where it is largest.
 */
public final class Saliency implements GradientExplainer {

    @Override
    public String word() {
        return "saliency";
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        try (var scope = new Scope()) {
            return Grid.positive(
                    GradientExplainer.gradient(net, input, label).abs().max(1).squeeze(0));
        }
    }
}
