package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** A network that can be cut at its last feature maps: {@code forward(x) = head(features(x))}. */
public interface FeatureMaps extends Layer {

    /** Images {@code [N, C, H, W]} to the last feature maps {@code [N, F, h, w]}. */
    Tensor features(Tensor x);

    /** Feature maps {@code [N, F, h, w]} to logits {@code [N, K]}. */
    Tensor head(Tensor features);
}
