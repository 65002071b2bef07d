package dev.fovea.explain;

import dev.fovea.engine.Tensor;

/**
 * Grad-CAM++ (Chattopadhay et al. 2017, <a href="https://arxiv.org/abs/1710.11063">1710.11063</a>, equation 19): feature
 * maps weighted by a mean of their positive gradients in which places count by how strongly the class depends on them.
 */
public final class GradCamPlusPlus implements FeatureMapExplainer {

    @Override
    public String word() {
        return "grad-cam++";
    }

    @Override
    public Tensor map(Tensor features, Tensor gradient) {
        Tensor squares = gradient.mul(gradient);
        Tensor sums = features.sum(2, 3).reshape(1, features.size(1), 1, 1);
        Tensor bottom = squares.mul(2).add(sums.mul(squares.mul(gradient)));
        Tensor none = squares.eq(0.0);
        Tensor shares = Tensor.where(none, squares, squares.div(Tensor.where(none, Tensor.ones(1), bottom)));
        Tensor weights = gradient.relu().mul(shares).sum(2, 3).reshape(1, features.size(1), 1, 1);
        return features.mul(weights).sum(1).squeeze(0);
    }
}
