package dev.fovea.explain;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;

/**
 * Grad-CAM (Selvaraju et al. 2016, <a href="https://arxiv.org/abs/1610.02391">1610.02391</a>): feature maps weighted
 * by their mean gradient, summed, negative values cut off.
 */
public final class GradCam implements Explainer {

    @Override
    public String word() {
        return "grad-cam";
    }

    @Override
    public boolean clips() {
        return false;
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        if (!(net instanceof FeatureMaps maps) || !maps.hasMaps()) {
            throw new IllegalArgumentException(
                    "grad-cam: needs a network with convolutional feature maps, this has none");
        }
        try (var scope = new Scope()) {
            FeatureMaps.Cut cut = maps.cut(input);
            Tensor features = cut.maps().detach().requireGrad(true);
            cut.rest().apply(features).select(0, 0).select(0, label).backward();
            float[][] map = map(features, features.grad());
            net.state().parameters().values().forEach(Tensor::clearGrad);
            return map;
        }
    }

    /**
     * The map of one image.
     *
     * @param features [1, F, h, w], the last feature maps
     * @param gradient of the class's logit with respect to them, the same shape
     * @return [h][w], scaled so that the largest value is 1; all 0 where nothing speaks for the class
     */
    static float[][] map(Tensor features, Tensor gradient) {
        int height = (int) features.size(2);
        int width = (int) features.size(3);
        float[][] map = new float[height][];
        try (var scope = new Scope()) {
            Tensor weights = gradient.mean(2, 3).reshape(1, features.size(1), 1, 1);
            float[] values = features.detach().mul(weights).sum(1).relu().toFloats();
            float most = 0;
            for (float value : values) {
                most = Math.max(most, value);
            }
            for (int y = 0; y < height; y++) {
                map[y] = new float[width];
                for (int x = 0; x < width; x++) {
                    map[y][x] = most == 0 ? 0 : values[y * width + x] / most;
                }
            }
        }
        return map;
    }
}
