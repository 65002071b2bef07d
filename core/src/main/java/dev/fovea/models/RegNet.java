package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * RegNetX and, with channel attention, RegNetY (Radosavovic et al. 2020,
 * <a href="https://arxiv.org/abs/2003.13678">2003.13678</a>, tables of the appendix): residual networks whose widths follow a
 * line. Names as torchvision's; it takes images of every size.
 */
public final class RegNet extends Net implements FeatureMaps {

    private static final String PAPER = "https://arxiv.org/abs/2003.13678";
    private static final int STEM = 32;
    private static final double DEVIATION = 0.01;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            y("400mf", 8, List.of(1, 3, 6, 6), List.of(48, 104, 208, 440)),
            y("800mf", 16, List.of(1, 3, 8, 2), List.of(64, 144, 320, 784)),
            y("1_6gf", 24, List.of(2, 6, 17, 2), List.of(48, 120, 336, 888)),
            y("3_2gf", 24, List.of(2, 5, 13, 1), List.of(72, 216, 576, 1512)),
            y("8gf", 56, List.of(2, 4, 10, 1), List.of(224, 448, 896, 2016)),
            y("16gf", 112, List.of(2, 4, 11, 1), List.of(224, 448, 1232, 3024)),
            y("32gf", 232, List.of(2, 5, 12, 1), List.of(232, 696, 1392, 3712)),
            y("128gf", 264, List.of(2, 7, 17, 1), List.of(528, 1056, 2904, 7392)),
            x("400mf", 16, List.of(1, 2, 7, 12), List.of(32, 64, 160, 400)),
            x("800mf", 16, List.of(1, 3, 7, 5), List.of(64, 128, 288, 672)),
            x("1_6gf", 24, List.of(2, 4, 10, 2), List.of(72, 168, 408, 912)),
            x("3_2gf", 48, List.of(2, 6, 15, 2), List.of(96, 192, 432, 1008)),
            x("8gf", 120, List.of(2, 5, 15, 1), List.of(80, 240, 720, 1920)),
            x("16gf", 128, List.of(2, 6, 13, 1), List.of(256, 512, 896, 2048)),
            x("32gf", 168, List.of(2, 7, 13, 1), List.of(336, 672, 1344, 2520)));

    private static ModelEntry x(String flops, int group, List<Integer> depths, List<Integer> widths) {
        return row("regnet_x_" + flops, new Config(depths, widths, group, 0));
    }

    private static ModelEntry y(String flops, int group, List<Integer> depths, List<Integer> widths) {
        return row("regnet_y_" + flops, new Config(depths, widths, group, 0.25));
    }

    private static ModelEntry row(String name, Config config) {
        return ModelEntry.row(name, config, PAPER).at(3, 224, 224).classes(1000);
    }

    /**
     * Its size.
     *
     * @param depths blocks of each of the four stages
     * @param widths channels of each, multiples of the group's
     * @param group channels of each group of the 3x3 convolutions; narrower stages are one group
     * @param attention share of a block's input channels in its channel attention, 0 for none
     */
    public record Config(List<Integer> depths, List<Integer> widths, int group, double attention) implements NetConfig {

        private static final int DEEPEST = 1000;

        public Config {
            depths = List.copyOf(depths);
            widths = List.copyOf(widths);
            if (depths.size() != 4 || widths.size() != 4) {
                throw new IllegalArgumentException(
                        "RegNet: depths and widths must be four numbers each, got depths=%s, widths=%s"
                                .formatted(depths, widths));
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
            widths.forEach(width -> NetConfig.positive("widths", width));
            NetConfig.positive("group", group);
            for (int width : widths) {
                if (width % Math.min(group, width) != 0) {
                    throw new IllegalArgumentException(
                            "RegNet: widths must be multiples of group, got widths=%s, group=%s"
                                    .formatted(widths, group));
                }
            }
            Scaling.checkProbability("attention", attention);
        }

        @Override
        public RegNet create(Shape images, int classes) {
            return new RegNet(this, images.channels(), classes);
        }
    }

    private final Layer stem;
    private final List<Stage> stages = new ArrayList<>();
    private final Layer head;

    /** @param channels of the images */
    public RegNet(Config config, int channels, int classes) {
        stem = add("stem", ConvNorm.of(3).stride(2).activation(Tensor::relu).layer(channels, STEM));
        int in = STEM;
        for (int s = 0; s < 4; s++) {
            stages.add(new Stage(config, s, in));
            in = config.widths().get(s);
        }
        add("trunk_output", new Stages(stages));
        Init.HE_NORMAL_FAN_OUT.ofConvolutions(state());
        head = add("fc", linear(in, classes));
        head.state().initializer(Initializer.normal(DEVIATION), (name, weight) -> name.equals("weight"));
        head.state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(stages.size() - 1); // (N, last width, H/32, W/32)
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        Tensor y = stem.forward(x); // (N, 32, H/2, W/2)
        var maps = new ArrayList<Tensor>();
        for (Layer stage : stages) {
            y = stage.forward(y); // halves H and W
            maps.add(y);
        }
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

    /** The name that torchvision gives all stages together. */
    private static final class Stages extends Net {

        Stages(List<Stage> stages) {
            for (int s = 0; s < stages.size(); s++) {
                add("block" + (s + 1), stages.get(s));
            }
        }
    }

    /** Blocks of one width, the first of stride 2. */
    private static final class Stage extends Net implements Layer {

        private final List<Layer> blocks = new ArrayList<>();

        Stage(Config config, int stage, int in) {
            int out = config.widths().get(stage);
            for (int i = 0; i < config.depths().get(stage); i++) {
                Block block = i == 0 ? new Block(config, in, out, 2) : new Block(config, out, out, 1);
                blocks.add(add("block%s-%s".formatted(stage + 1, i), block));
            }
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = x;
            for (Layer block : blocks) {
                y = block.forward(y);
            }
            return y;
        }
    }

    /** {@code relu(x + branch(x))}, {@code x} projected where the shape changes. */
    private static final class Block extends Net implements Layer {

        private final Optional<Layer> shortcut;
        private final Layer branch;

        Block(Config config, int in, int out, int stride) {
            shortcut = in == out && stride == 1
                    ? Optional.empty()
                    : Optional.of(add("proj", ConvNorm.of(1).stride(stride).layer(in, out)));
            branch = add("f", new Branch(config, in, out, stride));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor kept = shortcut.isEmpty() ? x : shortcut.get().forward(x);
            return kept.add(branch.forward(x)).relu();
        }
    }

    /** 1x1, 3x3 in groups, channel attention where there is one, 1x1. */
    private static final class Branch extends Net implements Layer {

        private final List<Layer> layers = new ArrayList<>();

        Branch(Config config, int in, int out, int stride) {
            ConvNorm grouped = ConvNorm.of(3).stride(stride).groups(out / Math.min(config.group(), out));
            layers.add(add("a", ConvNorm.of(1).activation(Tensor::relu).layer(in, out)));
            layers.add(add("b", grouped.activation(Tensor::relu).layer(out, out)));
            if (config.attention() > 0) {
                int squeezed = (int) Math.max(1, Math.rint(config.attention() * in));
                layers.add(add("se", new SqueezeExcitation(out, squeezed)));
            }
            layers.add(add("c", ConvNorm.of(1).layer(out, out)));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = x;
            for (Layer layer : layers) {
                y = layer.forward(y);
            }
            return y;
        }
    }
}
