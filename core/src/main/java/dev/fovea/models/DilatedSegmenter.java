package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Classifiers that keep their maps fine by dilated convolutions, with a head that says the class of each place: fully convolutional
 * networks (FCN, Long et al. 2014, <a href="https://arxiv.org/abs/1411.4038">1411.4038</a>) and DeepLabV3 (Chen et al. 2017, <a
 * href="https://arxiv.org/abs/1706.05587">1706.05587</a>), whose head looks at surroundings of several sizes first. A second head on
 * earlier maps helps in training.
 *
 * <p>Names and numbers are torchvision's; the published weights have the classes of VOC, the first of which is the background.
 */
public final class DilatedSegmenter extends Net implements SegmentationNet {

    private static final String FCN = "https://arxiv.org/abs/1411.4038";
    private static final String DEEPLAB = "https://arxiv.org/abs/1706.05587";
    private static final int SIDE = 520;
    private static final int CLASSES = 21;
    private static final double DROPPED = 0.1;
    private static final int WIDTH = 256;
    private static final int[] RATES = {12, 24, 36};

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("fcn_resnet50", new Config("resnet50", Head.FCN, 8, true), FCN),
            row("fcn_resnet101", new Config("resnet101", Head.FCN, 8, true), FCN),
            row("deeplabv3_resnet50", new Config("resnet50", Head.ATROUS, 8, true), DEEPLAB),
            row("deeplabv3_resnet101", new Config("resnet101", Head.ATROUS, 8, true), DEEPLAB),
            row("deeplabv3_mobilenet_v3_large", new Config("mobilenet_v3_large", Head.ATROUS, 16, true), DEEPLAB));

    private static ModelEntry row(String name, Config config, String paper) {
        return ModelEntry.row(name, config, paper).at(3, SIDE, SIDE).classes(CLASSES);
    }

    /** What says the class of each place. */
    enum Head {
        /** A convolution of a quarter of the channels. */
        FCN {
            @Override
            Layer of(int in, int classes) {
                var layers =
                        new ArrayList<>(ConvNorm.of(3).activation(Tensor::relu).layers(in, in / 4));
                layers.add(new Dropout(Dropout.Unit.ELEMENT, DROPPED));
                layers.add(places(in / 4, classes));
                return new Sequential(layers);
            }
        },
        /** Atrous spatial pyramid pooling before it. */
        ATROUS {
            @Override
            Layer of(int in, int classes) {
                var layers = new ArrayList<Layer>();
                layers.add(new AtrousPyramid(in, WIDTH, RATES));
                layers.addAll(ConvNorm.of(3).activation(Tensor::relu).layers(WIDTH, WIDTH));
                layers.add(places(WIDTH, classes));
                return new Sequential(layers);
            }
        };

        abstract Layer of(int in, int classes);
    }

    /** A 1x1 convolution with bias. */
    static Layer places(int in, int classes) {
        return new Conv2d(in, classes, Conv2d.Window.of(1, 1, 0), 1, true);
    }

    /**
     * Its parts.
     *
     * @param backbone a registered residual network or MobileNetV3
     * @param head on its last maps
     * @param outputStride of these maps: 8, 16 or 32
     * @param auxiliary whether a second head helps in training
     */
    record Config(String backbone, Head head, int outputStride, boolean auxiliary) implements NetConfig {

        @Override
        public DilatedSegmenter create(Shape images, int classes) {
            return new DilatedSegmenter(this, images.channels(), classes);
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
    private final Layer head;
    private final Optional<Layer> auxiliary;

    /** @param channels of the images */
    DilatedSegmenter(Config config, int channels, int classes) {
        backbone = add("backbone", DilatedBackbone.of(config.backbone(), channels, config.outputStride()));
        head = add("classifier", config.head().of(backbone.channels().get(DilatedBackbone.LAST), classes));
        auxiliary = config.auxiliary()
                ? Optional.of(
                        add("aux_classifier", Head.FCN.of(backbone.channels().get(DilatedBackbone.EARLY), classes)))
                : Optional.empty();
    }

    @Override
    public Outputs outputs(Tensor images) {
        List<Tensor> maps = backbone.maps(images);
        Tensor logits = head.forward(maps.get(DilatedBackbone.LAST)); // (N, classes, H / stride, W / stride)
        Optional<Tensor> other = auxiliary
                .filter(layer -> state().training())
                .map(layer -> MapSize.bilinear(layer.forward(maps.get(DilatedBackbone.EARLY)), images));
        return new Outputs(MapSize.bilinear(logits, images), other, Optional.empty());
    }

    @Override
    public List<String> classLayers() {
        return List.of("classifier.4.", "aux_classifier.4.");
    }
}
