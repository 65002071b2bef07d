package dev.fovea.explain;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;

/** A method that weighs the last feature maps, most by the gradient of the class's logit with respect to them. */
interface FeatureMapExplainer extends Explainer {

    @Override
    default String needs() {
        return "feature maps";
    }

    @Override
    default boolean quick() {
        return true;
    }

    @Override
    default boolean fits(Layer net) {
        return net instanceof FeatureMaps maps && maps.hasMaps();
    }

    @Override
    default float[][] explain(Layer net, Tensor input, int label) {
        check(net);
        try (var scope = new Scope()) {
            FeatureMaps.Cut cut = ((FeatureMaps) net).cut(input);
            Tensor features = cut.maps().detach().requireGrad(true);
            Tensor logit = cut.rest().apply(features).select(0, 0).select(0, label);
            Tensor gradient = logit.gradient(features).detach();
            return Grid.positive(map(features.detach(), gradient));
        }
    }

    /**
     * The map before its negative values are cut off.
     *
     * @param features [1, F, h, w]
     * @param gradient of the class's logit with respect to them, the same shape
     * @return [h, w]
     */
    Tensor map(Tensor features, Tensor gradient);
}
