package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import java.util.List;
import java.util.function.Function;

/**
 * A classifier whose last maps are finer than they were, by dilated convolutions in the place of strides (Chen et al. 2017, <a
 * href="https://arxiv.org/abs/1706.05587">1706.05587</a>): of a residual network with the names it has as a classifier, of
 * MobileNetV3 named by the places of its layers alone, as torchvision's.
 */
final class DilatedBackbone extends Net implements Pyramid {

    /** Of the maps at stride 4. */
    static final int FINE = 0;

    /** Of those that auxiliary heads look at: before the last stage of a residual network, at stride 8 of MobileNetV3. */
    static final int EARLY = 1;

    /** Of the deepest. */
    static final int LAST = 2;

    private final Function<Tensor, List<Tensor>> body;
    private final List<Integer> channels;

    private DilatedBackbone(ResNet network, ResNet.Config config) {
        network.children().forEach((child, layer) -> {
            if (!network.headNames().contains(child)) {
                add(child, layer);
            }
        });
        channels = List.of(config.channels(0), config.channels(2), config.channels(3));
        body = images -> {
            List<Tensor> stages = network.stages(images);
            return List.of(stages.get(0), stages.get(2), stages.get(3));
        };
    }

    private DilatedBackbone(MobileNetV3.Config config, int images, boolean dilated) {
        List<Layer> layers =
                MobileNetV3.trunk(config, images, MobileNetV3.MOMENTUM, dilated).layers();
        for (int i = 0; i < layers.size(); i++) {
            add(Integer.toString(i), layers.get(i));
        }
        List<Integer> strided = MobileNetV3.strided(config.table());
        int fine = strided.get(strided.size() - 4);
        int early = strided.get(strided.size() - 3);
        channels = List.of(config.channelsAt(fine), config.channelsAt(early), config.last());
        body = shown -> {
            List<Tensor> all = Trunk.outputs(layers, shown);
            return List.of(all.get(fine), all.get(early), all.get(all.size() - 1));
        };
    }

    /**
     * Of a registered residual network or MobileNetV3.
     *
     * @param images channels
     * @param stride of the last maps: 8, 16 or 32, of MobileNetV3 16 or 32
     * @throws IllegalArgumentException if the network is another, or its last maps cannot be as fine
     */
    static DilatedBackbone of(String name, int images, int stride) {
        NetConfig config = Options.parse(name, Models.get(name).config());
        if (config instanceof ResNet.Config residual) {
            return new DilatedBackbone(new ResNet(residual, images, 1, stride), residual);
        }
        if (config instanceof MobileNetV3.Config mobile && mobile.table() != MobileNetV3.Table.SMALL && stride > 8) {
            return new DilatedBackbone(mobile, images, stride < 32);
        }
        throw new IllegalArgumentException(
                "backbone: '%s' has no maps of stride %s with dilated convolutions; residual networks have them of 8 and 16, mobilenet_v3_large of 16"
                        .formatted(name, stride));
    }

    @Override
    public List<Integer> channels() {
        return channels;
    }

    @Override
    public List<Tensor> maps(Tensor images) {
        return body.apply(images);
    }
}
