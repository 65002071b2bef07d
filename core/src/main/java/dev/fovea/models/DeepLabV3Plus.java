package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * DeepLabV3+ (Chen et al. 2018, <a href="https://arxiv.org/abs/1802.02611">1802.02611</a>): DeepLabV3's pyramid of dilations on the last
 * maps of a classifier, and a decoder that refines its answer at stride 4 with the classifier's early maps beside it.
 */
public final class DeepLabV3Plus extends Net implements SegmentationNet {

    private static final int COARSEST = 32;
    private static final int[] RATES = {6, 12, 18};

    /** The registered one. */
    static final List<ModelEntry> MODELS = List.of(ModelEntry.row(
                    "deeplabv3plus", new Config("resnet50", 16, 256, 48, false), "https://arxiv.org/abs/1802.02611")
            .at(3, 512, 512)
            .classes(21));

    /**
     * Its parts.
     *
     * @param encoder a registered classifier
     * @param outputStride of the maps under the pyramid: 16, or 8 with dilations twice as large, of residual networks, 16 of MobileNetV3;
     *     32 of every classifier with maps of strides 4 and 32
     * @param width channels of the pyramid and the decoder
     * @param early channels that are left of the early maps
     * @param presence whether it says of each class whether it is anywhere in the image, too
     */
    record Config(String encoder, int outputStride, int width, int early, boolean presence) implements NetConfig {

        Config {
            if (outputStride != 8 && outputStride != 16 && outputStride != COARSEST) {
                throw new IllegalArgumentException(
                        "deeplabv3plus: outputStride must be 8, 16 or 32, got outputStride=" + outputStride);
            }
            NetConfig.positive("width", width);
            NetConfig.positive("early", early);
        }

        @Override
        public DeepLabV3Plus create(Shape images, int classes) {
            return new DeepLabV3Plus(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return SegmentationNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(encoder);
        }
    }

    private final Pyramid encoder;
    private final Layer context;
    private final Layer early;
    private final Layer refined;
    private final Layer head;
    private final Optional<Layer> presence;

    /** @param channels of the images */
    DeepLabV3Plus(Config config, int channels, int classes) {
        int width = config.width();
        encoder = add("encoder", encoder(config, channels));
        int last = encoder.channels().get(encoder.channels().size() - 1);
        int wider = config.outputStride() == 8 ? 2 : 1;
        context = add("context", new AtrousPyramid(last, width, wider * RATES[0], wider * RATES[1], wider * RATES[2]));
        early = add("early", conv(1).layer(encoder.channels().get(0), config.early()));
        var layers = new ArrayList<Layer>(conv(3).layers(width + config.early(), width));
        layers.addAll(conv(3).layers(width, width));
        refined = add("refined", new Sequential(layers));
        head = add("head", DilatedSegmenter.places(width, classes));
        presence = config.presence() ? Optional.of(add("presence", linear(last, classes))) : Optional.empty();
    }

    private static Pyramid encoder(Config config, int channels) {
        return config.outputStride() == COARSEST
                ? StagedBackbone.of(config.encoder(), channels, 4, COARSEST)
                : DilatedBackbone.of(config.encoder(), channels, config.outputStride());
    }

    private static ConvNorm conv(int kernel) {
        return ConvNorm.of(kernel).activation(Tensor::relu);
    }

    @Override
    public Outputs outputs(Tensor images) {
        List<Tensor> maps = encoder.maps(images);
        Tensor last = maps.get(maps.size() - 1);
        Tensor fine = early.forward(maps.get(0)); // (N, early, H/4, W/4)
        Tensor coarse = MapSize.bilinear(context.forward(last), fine); // (N, width, H/4, W/4)
        Tensor logits = head.forward(refined.forward(Tensor.cat(List.of(coarse, fine), 1)));
        return new Outputs(
                MapSize.bilinear(logits, images),
                Optional.empty(),
                presence.map(layer -> layer.forward(last.mean(2, 3))));
    }

    @Override
    public List<String> classLayers() {
        return List.of("head.", "presence.");
    }
}
