package dev.fovea.explain;

import dev.fovea.engine.Tensor;

/**
 * Grad-CAM (Selvaraju et al. 2016, <a href="https://arxiv.org/abs/1610.02391">1610.02391</a>): feature maps weighted
 * by their mean gradient, summed, negative values cut off.
 */
public final class GradCam implements FeatureMapExplainer {

    @Override
    public String word() {
        return "grad-cam";
    }

    @Override
    public Tensor map(Tensor features, Tensor gradient) {
        Tensor weights = gradient.mean(2, 3).reshape(1, features.size(1), 1, 1);
        return features.mul(weights).sum(1).squeeze(0);
    }
}
