package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

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

    /** The same with maps before them that are finer, of networks that have such. */
    default List<Tensor> allStages(Tensor x) {
        return stages(x);
    }

    /**
     * Feature maps {@code [N, F, h, w]} to logits {@code [N, K]}.
     *
     * @throws IllegalArgumentException if its head sees more than the maps, as that of a class token does; see {@link #cut}
     */
    Tensor head(Tensor features);

    /**
     * A network cut in two for one batch.
     *
     * @param maps {@code [N, F, h, w]}
     * @param rest from the maps to logits {@code [N, K]}; what else it takes, as a class token, it holds
     */
    record Cut(Tensor maps, UnaryOperator<Tensor> rest) {}

    /** Cut at the last maps that logits hang on, {@code forward(x) = rest(maps)}. */
    default Cut cut(Tensor x) {
        return new Cut(features(x), this::head);
    }

    /** What the head sees of each image {@code [N, C, H, W]}, in few numbers: {@code [N, F]}. */
    default Tensor embedding(Tensor x) {
        return features(x).mean(2, 3);
    }

    /** The children that {@link #head} alone uses. */
    List<String> headNames();
}
