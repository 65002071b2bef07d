package dev.fovea.explain;

import dev.fovea.engine.Tensor;

/**
 * Layer-CAM (Jiang et al. 2021, <a href="https://ieeexplore.ieee.org/document/9462463">LayerCAM: Exploring Hierarchical
 * Class Activation Maps for Localization</a>, equation 4): feature maps times their positive gradient, place by place, summed.
 */
public final class LayerCam implements FeatureMapExplainer {

    @Override
    public String word() {
        return "layer-cam";
    }

    @Override
    public Tensor map(Tensor features, Tensor gradient) {
        return features.mul(gradient.relu()).sum(1).squeeze(0);
    }
}
