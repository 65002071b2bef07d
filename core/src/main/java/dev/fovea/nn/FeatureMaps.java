package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.List;

/** A network that can be cut at its last feature maps: {@code forward(x) = head(features(x))}. */
public interface FeatureMaps extends Layer {

    @Override
    default Tensor apply(Tensor x) {
        return head(features(x));
    }

    /** Whether it can be cut: layers put together by a user may have no maps. */
    default boolean hasMaps() {
        return true;
    }

    /** Images {@code [N, C, H, W]} to the last feature maps {@code [N, F, h, w]}. */
    Tensor features(Tensor x);

    /** Maps on the way there, each smaller than the one before; the last is {@link #features}. */
    default List<Tensor> stages(Tensor x) {
        return List.of(features(x));
    }

    /** Feature maps {@code [N, F, h, w]} to logits {@code [N, K]}. */
    Tensor head(Tensor features);

    /** The children that {@link #head} alone uses. */
    List<String> headNames();
}
