package dev.fovea.models;

import static dev.fovea.nn.Layers.batchNorm;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * ShuffleNetV2 (Ma et al. 2018, <a href="https://arxiv.org/abs/1807.11164">1807.11164</a>, table 5): half of the channels
 * pass each block unchanged, and the halves are mixed behind it. Names as torchvision's; it takes images of every size.
 */
public final class ShuffleNetV2 extends Net implements FeatureMaps {

    private static final int STEM = 24;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("shufflenet_v2_x0_5", 1024, 48, 96, 192),
            row("shufflenet_v2_x1_0", 1024, 116, 232, 464),
            row("shufflenet_v2_x1_5", 1024, 176, 352, 704),
            row("shufflenet_v2_x2_0", 2048, 244, 488, 976));

    private static ModelEntry row(String name, int last, Integer... widths) {
        return ModelEntry.row(
                        name, new Config(List.of(4, 8, 4), List.of(widths), last), "https://arxiv.org/abs/1807.11164")
                .at(3, 224, 224)
                .classes(1000);
    }

    /**
     * Its size.
     *
     * @param depths blocks of each of the three stages
     * @param widths channels of each, even
     * @param last channels of the last maps
     */
    public record Config(List<Integer> depths, List<Integer> widths, int last) implements NetConfig {

        private static final int DEEPEST = 1000;

        public Config {
            depths = List.copyOf(depths);
            widths = List.copyOf(widths);
            if (depths.size() != 3 || widths.size() != 3) {
                throw new IllegalArgumentException(
                        "ShuffleNetV2: depths and widths must be three numbers each, got depths=%s, widths=%s"
                                .formatted(depths, widths));
            }
            if (widths.stream().anyMatch(width -> width % 2 != 0)) {
                throw new IllegalArgumentException("ShuffleNetV2: widths must be even, got widths=" + widths);
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
            widths.forEach(width -> NetConfig.positive("widths", width));
            NetConfig.positive("last", last);
        }

        @Override
        public ShuffleNetV2 create(Shape images, int classes) {
            return new ShuffleNetV2(this, images.channels(), classes);
        }
    }

    private final Layer stem;
    private final List<Layer> stages = new ArrayList<>();
    private final Layer last;
    private final Layer head;

    /** @param channels of the images */
    public ShuffleNetV2(Config config, int channels, int classes) {
        stem = add("conv1", ConvNorm.of(3).stride(2).activation(Tensor::relu).layer(channels, STEM));
        int in = STEM;
        for (int s = 0; s < 3; s++) {
            int out = config.widths().get(s);
            var blocks = new ArrayList<Layer>(List.of(new Halving(in, out)));
            for (int i = 1; i < config.depths().get(s); i++) {
                blocks.add(new Passing(out));
            }
            stages.add(add("stage" + (s + 2), new Sequential(blocks)));
            in = out;
        }
        last = add("conv5", ConvNorm.of(1).activation(Tensor::relu).layer(in, config.last()));
        head = add("fc", linear(config.last(), classes));
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(stages.size());
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        Tensor y = stem.forward(x).maxPool2d(3, 2, 1, false); // (N, 24, H/4, W/4)
        var maps = new ArrayList<>(List.of(y));
        for (Layer stage : stages) {
            y = stage.forward(y); // halves H and W
            maps.add(y);
        }
        maps.set(maps.size() - 1, last.forward(y)); // (N, last, H/32, W/32)
        return maps;
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(features.mean(2, 3)); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("fc");
    }

    /** Narrow, depthwise, narrow: what one half of the channels goes through. */
    private static Sequential branch(int in, int out, int stride) {
        return new Sequential(List.of(
                conv(in, out, 1, 1),
                batchNorm(out),
                relu(),
                depthwise(out, stride),
                batchNorm(out),
                conv(out, out, 1, 1),
                batchNorm(out),
                relu()));
    }

    private static Layer depthwise(int channels, int stride) {
        return new Conv2d(channels, channels, Conv2d.Window.of(3, stride, 1), channels, false);
    }

    private static Layer relu() {
        return Leaf.of("relu", Tensor::relu);
    }

    /** Both halves one channel after the other in turn, as channels-last as they came. */
    private static Tensor shuffled(Tensor left, Tensor right) {
        Tensor both = Tensor.cat(List.of(left, right), 1).permute(0, 2, 3, 1); // (N, H, W, C)
        long n = both.size(0);
        long h = both.size(1);
        long w = both.size(2);
        long c = both.size(3);
        return both.reshape(n, h, w, 2, c / 2)
                .transpose(3, 4)
                .reshape(n, h, w, c)
                .permute(0, 3, 1, 2); // (N, C, H, W)
    }

    /** A block that halves the maps: both branches see all channels. */
    private static final class Halving extends Net implements Layer {

        private final Layer left;
        private final Layer right;

        Halving(int in, int out) {
            left = add(
                    "branch1",
                    new Sequential(List.of(
                            depthwise(in, 2), batchNorm(in), conv(in, out / 2, 1, 1), batchNorm(out / 2), relu())));
            right = add("branch2", branch(in, out / 2, 2));
        }

        @Override
        public Tensor apply(Tensor x) {
            return shuffled(left.forward(x), right.forward(x));
        }
    }

    /** A block that half of the channels pass unchanged. */
    private static final class Passing extends Net implements Layer {

        private final int half;
        private final Layer branch;

        Passing(int channels) {
            half = channels / 2;
            branch = add("branch2", branch(half, half, 1));
        }

        @Override
        public Tensor apply(Tensor x) {
            return shuffled(x.narrow(1, 0, half), branch.forward(x.narrow(1, half, half)));
        }
    }
}
