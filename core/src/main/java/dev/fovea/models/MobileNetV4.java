package dev.fovea.models;

import static dev.fovea.nn.Layers.batchNorm;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * MobileNetV4-Conv-S (Qin et al. 2024, <a href="https://arxiv.org/abs/2404.10518">2404.10518</a>): inverted bottlenecks with
 * a depthwise convolution before the widening one, behind it, at both places or at none. Names as timm's; it takes images of
 * every size.
 */
public final class MobileNetV4 extends Net implements FeatureMaps {

    private static final int STEM = 32;
    private static final int LAST = 960;
    private static final int HIDDEN = 1280;

    /** The registered one. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("mobilenetv4_conv_small", new Config(1, 0, 0), "https://arxiv.org/abs/2404.10518")
                    .at(3, 224, 224)
                    .classes(1000));

    /** One block. */
    private interface Line {
        int stride();

        int channels();

        Layer block(int in, Config config, double dropPath);
    }

    /** A plain convolution. */
    private record Full(int kernel, int stride, int channels) implements Line {
        @Override
        public Layer block(int in, Config config, double dropPath) {
            return new Unit("bn1", in, config.channels(channels), new Shaped(kernel, stride, 1, true));
        }
    }

    /**
     * A universal inverted bottleneck.
     *
     * @param before kernel of the depthwise convolution before the widening one, 0 for none
     * @param within kernel of the one behind it, 0 for none
     */
    private record Inverted(int before, int within, int stride, int expansion, int channels) implements Line {
        @Override
        public Layer block(int in, Config config, double dropPath) {
            return new Bottleneck(this, in, config.channels(channels), dropPath);
        }
    }

    private static final List<List<Line>> STAGES = List.of(
            List.of(new Full(3, 2, 32), new Full(1, 1, 32)),
            List.of(new Full(3, 2, 96), new Full(1, 1, 64)),
            List.of(
                    new Inverted(5, 5, 2, 3, 96),
                    new Inverted(0, 3, 1, 2, 96),
                    new Inverted(0, 3, 1, 2, 96),
                    new Inverted(0, 3, 1, 2, 96),
                    new Inverted(0, 3, 1, 2, 96),
                    new Inverted(3, 0, 1, 4, 96)),
            List.of(
                    new Inverted(3, 3, 2, 6, 128),
                    new Inverted(5, 5, 1, 4, 128),
                    new Inverted(0, 5, 1, 4, 128),
                    new Inverted(0, 5, 1, 3, 128),
                    new Inverted(0, 3, 1, 4, 128),
                    new Inverted(0, 3, 1, 4, 128)),
            List.of(new Full(1, 1, LAST)));

    /**
     * Its size.
     *
     * @param width factor of all channels but the last ones
     * @param dropout before the last layer
     * @param dropPath share of images for which the last block is left out while training; of the blocks before it in
     *     proportion
     */
    public record Config(double width, double dropout, double dropPath) implements NetConfig {

        public Config {
            Scaling.checkFactor("width", width);
            Scaling.checkProbability("dropout", dropout);
            Scaling.checkProbability("dropPath", dropPath);
        }

        @Override
        public MobileNetV4 create(Shape images, int classes) {
            return new MobileNetV4(this, images.channels(), classes);
        }

        private int channels(int published) {
            return Scaling.channels(published * width);
        }
    }

    private final Layer stem;
    private final Layer norm;
    private final List<Layer> stages;
    private final Layer hidden;
    private final Layer hiddenNorm;
    private final Layer dropout;
    private final Layer head;

    /** @param channels of the images */
    public MobileNetV4(Config config, int channels, int classes) {
        int in = config.channels(STEM);
        stem = add("conv_stem", conv(channels, in, 3, 2));
        norm = add("bn1", batchNorm(in));
        stages = stages(config, in);
        add("blocks", new Sequential(stages));
        hidden = add("conv_head", conv(config.channels(LAST), HIDDEN, 1, 1));
        hiddenNorm = add("norm_head", batchNorm(HIDDEN));
        dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        head = add("classifier", linear(HIDDEN, classes));
        // A depthwise convolution's output sees one channel, so that here both fans are those of one group.
        state().initializer(
                        (weight, random) ->
                                (weight.size(1) == 1 ? Init.HE_NORMAL : Init.HE_NORMAL_FAN_OUT).fill(weight, random),
                        (name, weight) -> weight.dims() == 4);
        head.state().initializer(Initializer.uniform(1 / Math.sqrt(classes)), (name, weight) -> name.equals("weight"));
        head.state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    private static List<Layer> stages(Config config, int stem) {
        int all = STAGES.stream().mapToInt(List::size).sum();
        int in = stem;
        int done = 0;
        var stages = new ArrayList<Layer>();
        for (List<Line> lines : STAGES) {
            var blocks = new ArrayList<Layer>();
            for (Line line : lines) {
                blocks.add(line.block(in, config, config.dropPath() * done++ / all));
                in = config.channels(line.channels());
            }
            stages.add(new Sequential(blocks));
        }
        return stages;
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(3);
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        Tensor y = norm.forward(stem.forward(x)).relu(); // (N, 32 width, H/2, W/2)
        var maps = new ArrayList<Tensor>();
        for (Layer stage : stages) {
            y = stage.forward(y); // halves H and W, but for the last one
            maps.add(y);
        }
        maps.remove(maps.size() - 2); // the last stage is of the same size
        return maps; // at strides 4, 8, 16 and 32
    }

    @Override
    public Tensor head(Tensor features) {
        Tensor means = features.adaptiveAvgPool2d(1, 1); // (N, 960 width, 1, 1)
        Tensor y = hiddenNorm.forward(hidden.forward(means)).relu(); // (N, 1280, 1, 1)
        return head.forward(dropout.forward(y.flatten(1, -1))); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("conv_head", "norm_head", "classifier");
    }

    /** What a convolution is beside its channels. */
    private record Shaped(int kernel, int stride, int groups, boolean activates) {}

    /** A convolution, {@code conv}, and its norm. */
    private static final class Unit extends Net implements Layer {

        private final Layer conv;
        private final Layer norm;
        private final boolean activates;

        Unit(String normName, int in, int out, Shaped shaped) {
            var window = Conv2d.Window.of(shaped.kernel(), shaped.stride(), shaped.kernel() / 2);
            conv = add("conv", new Conv2d(in, out, window, shaped.groups(), false));
            norm = add(normName, batchNorm(out));
            activates = shaped.activates();
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = norm.forward(conv.forward(x));
            return activates ? y.relu() : y;
        }
    }

    private static final class Bottleneck extends Net implements Layer {

        private final List<Layer> layers = new ArrayList<>();
        private final boolean skips;
        private final Layer dropPath;

        Bottleneck(Inverted line, int in, int out, double dropped) {
            int mid = Scaling.channels(in * line.expansion());
            if (line.before() > 0) {
                int stride = line.within() > 0 ? 1 : line.stride();
                unit("dw_start", in, in, new Shaped(line.before(), stride, in, false));
            }
            unit("pw_exp", in, mid, new Shaped(1, 1, 1, true));
            if (line.within() > 0) {
                unit("dw_mid", mid, mid, new Shaped(line.within(), line.stride(), mid, true));
            }
            unit("pw_proj", mid, out, new Shaped(1, 1, 1, false));
            skips = line.stride() == 1 && in == out;
            dropPath = add("drop_path", new Dropout(Dropout.Unit.SAMPLE, dropped));
        }

        private void unit(String name, int in, int out, Shaped shaped) {
            layers.add(add(name, new Unit("bn", in, out, shaped)));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = x;
            for (Layer layer : layers) {
                y = layer.forward(y);
            }
            return skips ? x.add(dropPath.forward(y)) : y;
        }
    }
}
