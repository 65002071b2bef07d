package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import java.util.List;

/**
 * MobileNetV3's maps as torchvision's Faster R-CNN takes them: the first of the last stage and the last, both at stride 32. Its layers
 * are named by their places alone.
 */
final class MobileNetBody extends Net implements Pyramid {

    private static final double MOMENTUM = 0.1;

    private final List<Layer> layers;
    private final int first;
    private final List<Integer> channels;

    MobileNetBody(MobileNetV3.Config config, int images) {
        layers = MobileNetV3.trunk(config, images, MOMENTUM, false).layers();
        for (int i = 0; i < layers.size(); i++) {
            add(Integer.toString(i), layers.get(i));
        }
        List<Integer> strided = MobileNetV3.strided(config.table());
        first = strided.get(strided.size() - 1);
        channels = List.of(config.lastStage(), config.last());
    }

    @Override
    public List<Integer> channels() {
        return channels;
    }

    @Override
    public List<Tensor> maps(Tensor images) {
        List<Tensor> all = Trunk.outputs(layers, images);
        return List.of(all.get(first), all.get(all.size() - 1));
    }
}
