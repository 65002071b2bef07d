package dev.fovea.explain;

import dev.fovea.engine.Tensor;

/**
 * HiResCAM (Draelos and Carin 2020, <a href="https://arxiv.org/abs/2011.08891">2011.08891</a>): feature maps times their
 * gradient, place by place, summed, negative values cut off.
 */
public final class HiResCam implements FeatureMapExplainer {

    @Override
    public String word() {
        return "hirescam";
    }

    @Override
    public Tensor map(Tensor features, Tensor gradient) {
        return features.mul(gradient).sum(1).squeeze(0);
    }
}
