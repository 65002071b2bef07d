package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import java.util.List;

/**
 * A classifier whose last maps are finer than they were, by dilated convolutions in the place of strides (Chen et al. 2017, <a
 * href="https://arxiv.org/abs/1706.05587">1706.05587</a>): of a residual network with the names it has as a classifier, of
 * MobileNetV3 named by the places of its layers alone, as torchvision's.
 */
final class DilatedBackbone extends Net {

    /**
     * Maps of images.
     *
     * @param fine of stride 4
     * @param early those that auxiliary heads and light decoders look at: before the last stage of a residual network, at stride 8 of
     *     MobileNetV3
     * @param last the deepest
     */
    record Maps(Tensor fine, Tensor early, Tensor last) {}

    private interface Body {
        Maps maps(Tensor images);
    }

    private final Body body;
    private final int[] channels;

    private DilatedBackbone(ResNet network, ResNet.Config config) {
        network.children().forEach((child, layer) -> {
            if (!network.headNames().contains(child)) {
                add(child, layer);
            }
        });
        channels = new int[] {config.channels(0), config.channels(2), config.channels(3)};
        body = images -> {
            List<Tensor> stages = network.stages(images);
            return new Maps(stages.get(0), stages.get(2), stages.get(3));
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
        channels = new int[] {config.channelsAt(fine), config.channelsAt(early), config.last()};
        body = shown -> {
            List<Tensor> all = Trunk.outputs(layers, shown);
            return new Maps(all.get(fine), all.get(early), all.get(all.size() - 1));
        };
    }

    /** Whether there is such a backbone of the classifier. */
    static boolean canDilate(String name) {
        NetConfig config = config(name);
        return config instanceof ResNet.Config || config instanceof MobileNetV3.Config;
    }

    private static NetConfig config(String name) {
        return Options.parse(name, Models.get(name).config());
    }

    /**
     * Of a registered residual network or MobileNetV3.
     *
     * @param images channels
     * @param stride of the last maps: 8, 16 or 32, of MobileNetV3 16 or 32
     * @throws IllegalArgumentException if the network is another, or its last maps cannot be as fine
     */
    static DilatedBackbone of(String name, int images, int stride) {
        NetConfig config = config(name);
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

    /** Of the maps at stride 4. */
    int fineChannels() {
        return channels[0];
    }

    int earlyChannels() {
        return channels[1];
    }

    int lastChannels() {
        return channels[2];
    }

    Maps maps(Tensor images) {
        return body.maps(images);
    }
}
