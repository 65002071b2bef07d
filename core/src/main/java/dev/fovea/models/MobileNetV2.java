package dev.fovea.models;

import static dev.fovea.nn.Layers.batchNorm;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Filter;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * MobileNetV2 (Sandler et al. 2018, <a href="https://arxiv.org/abs/1801.04381">1801.04381</a>, table 2): inverted residuals,
 * which are wide inside and narrow where they are added. Names as torchvision's; it takes images of every size.
 */
public final class MobileNetV2 extends TrunkClassifier {

    private static final int STEM = 32;
    private static final int LAST = 1280;
    private static final double DEVIATION = 0.01;

    /** The registered one. */
    static final List<ModelEntry> MODELS = List.of(
            ModelEntry.row("mobilenet_v2", new Config(1, 1, Padding.SYMMETRIC, 0.2), "https://arxiv.org/abs/1801.04381")
                    .at(3, 224, 224)
                    .classes(1000));

    /** Of the convolutions with stride 2. */
    public enum Padding {
        /** One zero on each side, as PyTorch. */
        SYMMETRIC {
            @Override
            Layer conv(int in, int out, int stride, int groups) {
                return ConvNorm.of(3)
                        .stride(stride)
                        .groups(groups)
                        .activation(MobileNetV2::relu6)
                        .layer(in, out);
            }
        },
        /** SAME as in TensorFlow, for weights that were trained there. */
        TENSORFLOW {
            @Override
            Layer conv(int in, int out, int stride, int groups) {
                return stride == 1
                        ? SYMMETRIC.conv(in, out, stride, groups)
                        : new Sequential(List.of(
                                new SameConv2d(in, out, 3, stride, groups),
                                batchNorm(out),
                                Leaf.of("relu6", MobileNetV2::relu6)));
            }
        };

        abstract Layer conv(int in, int out, int stride, int groups);
    }

    /** A line of table 2: blocks of one width, the first of them with the stride. */
    private record Line(int expansion, int channels, int blocks, int stride) {}

    private static final List<Line> TABLE = List.of(
            new Line(1, 16, 1, 1),
            new Line(6, 24, 2, 2),
            new Line(6, 32, 3, 2),
            new Line(6, 64, 4, 2),
            new Line(6, 96, 3, 1),
            new Line(6, 160, 3, 2),
            new Line(6, 320, 1, 1));

    /**
     * Its size.
     *
     * @param width factor of all channels
     * @param depth factor of the number of blocks
     * @param padding of the convolutions with stride 2
     * @param dropout before the last layer
     */
    public record Config(double width, double depth, Padding padding, double dropout) implements NetConfig {

        public Config {
            Scaling.checkFactor("width", width);
            Scaling.checkFactor("depth", depth);
            Scaling.checkProbability("dropout", dropout);
        }

        @Override
        public MobileNetV2 create(Shape images, int classes) {
            return new MobileNetV2(this, images.channels(), classes);
        }

        /** Of TensorFlow's weights: values from -1 to 1. */
        @Override
        public Optional<Preprocess> published() {
            var half = List.of(0.5, 0.5, 0.5);
            return padding == Padding.SYMMETRIC
                    ? Optional.empty()
                    : Optional.of(Preprocess.of(224, 224, 3)
                            .withCrop(0.875, Filter.BICUBIC)
                            .withNormalization(half, half));
        }

        private int last() {
            return Scaling.channels(LAST * Math.max(1, width));
        }
    }

    /** @param channels of the images */
    public MobileNetV2(Config config, int channels, int classes) {
        super(
                "features",
                trunk(config, channels),
                List.of(new Dropout(Dropout.Unit.ELEMENT, config.dropout()), linear(config.last(), classes)));
        initial(Initializer.normal(DEVIATION));
    }

    private static Trunk trunk(Config config, int channels) {
        int in = Scaling.channels(STEM * config.width());
        var trunk = new Trunk().then(config.padding().conv(channels, in, 2, 1), 2);
        for (Line line : TABLE) {
            int out = Scaling.channels(line.channels() * config.width());
            for (int i = 0; i < Scaling.depth(line.blocks(), config.depth()); i++) {
                int stride = i == 0 ? line.stride() : 1;
                trunk.then(block(config.padding(), in, line.expansion(), out, stride), stride);
                in = out;
            }
        }
        return trunk.then(ConvNorm.of(1).activation(MobileNetV2::relu6).layer(in, config.last()), 1);
    }

    private static Layer block(Padding padding, int in, int expansion, int out, int stride) {
        int mid = in * expansion;
        var layers = new ArrayList<Layer>();
        if (expansion > 1) {
            layers.add(ConvNorm.of(1).activation(MobileNetV2::relu6).layer(in, mid));
        }
        layers.addAll(List.of(padding.conv(mid, mid, stride, mid), conv(mid, out, 1, 1), batchNorm(out)));
        return new SkipBlock("conv", layers, stride == 1 && in == out, 0);
    }

    private static Tensor relu6(Tensor x) {
        return x.clamp(0, 6);
    }
}
