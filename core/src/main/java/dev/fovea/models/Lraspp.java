package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.List;
import java.util.Optional;

/**
 * LR-ASPP (Howard et al. 2019, <a href="https://arxiv.org/abs/1905.02244">1905.02244</a>, section 6.3): MobileNetV3 with a light head,
 * in which the mean of the image gates the channels of the last maps, and finer maps say where edges are. Names and numbers are
 * torchvision's.
 */
public final class Lraspp extends Net implements SegmentationNet {

    /** The registered one. */
    static final List<ModelEntry> MODELS = List.of(ModelEntry.row(
                    "lraspp_mobilenet_v3_large",
                    new Config("mobilenet_v3_large", 16, 128),
                    "https://arxiv.org/abs/1905.02244")
            .at(3, 520, 520)
            .classes(21));

    /**
     * Its parts.
     *
     * @param backbone a registered MobileNetV3 or residual network
     * @param outputStride of its last maps: 16 or 32
     * @param width channels of the head
     */
    record Config(String backbone, int outputStride, int width) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
        }

        @Override
        public Lraspp create(Shape images, int classes) {
            return new Lraspp(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return SegmentationNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(backbone);
        }
    }

    private final DilatedBackbone backbone;
    private final Head head;

    /** @param channels of the images */
    Lraspp(Config config, int channels, int classes) {
        backbone = add("backbone", DilatedBackbone.of(config.backbone(), channels, config.outputStride()));
        head = add("classifier", new Head(backbone.channels(), config.width(), classes));
    }

    @Override
    public Outputs outputs(Tensor images) {
        List<Tensor> maps = backbone.maps(images);
        Tensor logits = head.of(maps.get(DilatedBackbone.EARLY), maps.get(DilatedBackbone.LAST));
        return Outputs.of(MapSize.bilinear(logits, images));
    }

    @Override
    public List<String> classLayers() {
        return List.of("classifier.low_classifier.", "classifier.high_classifier.");
    }

    private static final class Head extends Net {

        private final Layer narrowed;
        private final Layer gate;
        private final Layer low;
        private final Layer high;

        Head(List<Integer> channels, int width, int classes) {
            int in = channels.get(DilatedBackbone.LAST);
            narrowed = add("cbr", ConvNorm.of(1).activation(Tensor::relu).layer(in, width));
            gate = add(
                    "scale",
                    new Sequential(List.of(
                            Leaf.of("adaptiveavgpool", x -> x.adaptiveAvgPool2d(1, 1)),
                            new Conv2d(in, width, Conv2d.Window.of(1, 1, 0), 1, false),
                            Leaf.of("sigmoid", Tensor::sigmoid))));
            low = add("low_classifier", DilatedSegmenter.places(channels.get(DilatedBackbone.EARLY), classes));
            high = add("high_classifier", DilatedSegmenter.places(width, classes));
        }

        Tensor of(Tensor early, Tensor last) {
            Tensor gated = narrowed.forward(last).mul(gate.forward(last));
            return low.forward(early).add(high.forward(MapSize.bilinear(gated, early)));
        }
    }
}
