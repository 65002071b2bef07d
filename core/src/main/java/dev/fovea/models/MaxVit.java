package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.SelfAttention;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.nn.WindowAttention;
import dev.fovea.nn.Windows;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolutions, then attention within windows, then attention among places that are far apart, in each block (Tu et al.
 * 2022, <a href="https://arxiv.org/abs/2204.01697">2204.01697</a>).
 *
 * <p>Names and counts are torchvision's.
 */
public final class MaxVit extends Net implements FeatureMaps, SizedWeights {

    private static final String TABLE = "relative_position_bias_table";
    private static final double NORM_EPS = 1e-3;
    private static final double MOMENTUM = 0.99;
    private static final double EPS = 1e-5;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(ModelEntry.row(
                    "maxvit_t",
                    new Config(64, List.of(64, 128, 256, 512), List.of(2, 2, 5, 2), 7, 32, 0.2, 0),
                    "https://arxiv.org/abs/2204.01697")
            .at(3, 224, 224)
            .classes(1000));

    /**
     * @param stem channels of the first convolutions
     * @param widths channels of each block
     * @param depths layers of each block
     * @param partition side of a window, in places, and of a grid
     * @param headWidth values of a token that one head of attention sees
     * @param dropPath probability that the branches of the last layer are passed by while training
     * @param dropout share of values dropped behind each perceptron while training
     */
    public record Config(
            int stem,
            List<Integer> widths,
            List<Integer> depths,
            int partition,
            int headWidth,
            double dropPath,
            double dropout)
            implements NetConfig {

        private static final int DEEPEST = 1000;
        private static final int WIDEST = 128;

        public Config {
            widths = List.copyOf(widths);
            depths = List.copyOf(depths);
            NetConfig.positive("stem", stem);
            NetConfig.range("partition", partition, 1, WIDEST);
            NetConfig.positive("headWidth", headWidth);
            if (widths.isEmpty() || widths.size() != depths.size()) {
                throw new IllegalArgumentException(
                        "maxvit: widths and depths must have a number for each block, got widths=%s, depths=%s"
                                .formatted(widths, depths));
            }
            widths.forEach(width -> NetConfig.positive("widths", width));
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
        }

        @Override
        public Module create(Shape images, int classes) {
            return new MaxVit(this, images, classes);
        }
    }

    private final Config config;
    private final Layer stem;
    private final List<Layer> blocks = new ArrayList<>();
    private final Layer norm;
    private final Layer hidden;
    private final Layer last;

    /**
     * @param images channels, height and width
     * @throws IllegalArgumentException if the windows do not divide the maps of a block
     */
    public MaxVit(Config config, Shape images, int classes) {
        this.config = config;
        check(images);
        stem = add(
                "stem",
                new Sequential(List.of(
                        normed(images.channels(), config.stem(), 3, 2, 1),
                        new Sequential(List.of(convolution(config.stem(), config.stem(), 3, 1, 1, true))))));
        Group all = add("blocks", new Group());
        int layers = config.depths().stream().mapToInt(Integer::intValue).sum();
        int layer = 0;
        int in = config.stem();
        for (int b = 0; b < config.widths().size(); b++) {
            int width = config.widths().get(b);
            var units = new ArrayList<Layer>();
            for (int i = 0; i < config.depths().get(b); i++) {
                units.add(new Unit(config, i == 0 ? in : width, width, i == 0 ? 2 : 1, layer, layers));
                layer++;
            }
            in = width;
            blocks.add(all.with(Integer.toString(b), new Group()).with("layers", new Sequential(units)));
        }
        Group end = add("classifier", new Group());
        norm = end.with("2", new LayerNorm(EPS, in));
        hidden = end.with("3", linear(in, in));
        last = end.with("5", new Dense(in, classes, false));
        state().initializer(Initializer.normal(0.02), (name, tensor) -> name.equals("weight") && tensor.dims() > 1);
        state().initializer(Initializer.ZEROS, (name, tensor) -> name.equals("bias"));
    }

    private void check(Shape images) {
        int partition = config.partition();
        int blocks = config.widths().size();
        int height = (images.height() + 1) / 2;
        int width = (images.width() + 1) / 2;
        for (int b = 0; b < blocks; b++) {
            height = (height + 1) / 2;
            width = (width + 1) / 2;
            if (height % partition != 0 || width % partition != 0) {
                throw new IllegalArgumentException(
                        "maxvit: the sides of images must be multiples of %s pixels, or rounded up to such, got %sx%s. Set input.size"
                                .formatted(partition << blocks + 1, images.width(), images.height()));
            }
        }
    }

    private static Layer convolution(int in, int out, int kernel, int stride, int groups, boolean biased) {
        return new Conv2d(in, out, Conv2d.Window.of(kernel, stride, kernel / 2), groups, biased);
    }

    private static Layer normed(int in, int out, int kernel, int stride, int groups) {
        return new Sequential(List.of(
                convolution(in, out, kernel, stride, groups, false),
                new BatchNorm(out, NORM_EPS, MOMENTUM),
                Leaf.of("gelu", Tensor::gelu)));
    }

    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, H, W)
        Tensor y = stem.forward(x); // (N, stem, H/2, W/2)
        var maps = new ArrayList<Tensor>();
        for (Layer block : blocks) {
            y = block.forward(y); // halves H and W
            maps.add(y);
        }
        return maps;
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(blocks.size() - 1); // (N, widths[3], H/32, W/32)
    }

    @Override
    public Tensor head(Tensor features) {
        return last.forward(hidden.forward(norm.forward(features.mean(2, 3))).tanh()); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("classifier");
    }

    @Override
    public Tensor resized(String name, Tensor given, Tensor own) {
        int side = 2 * config.partition() - 1;
        return name.endsWith(TABLE) && given.dims() == 2 ? SizedWeights.resized(given, side, side) : given;
    }

    /** An inverted residual, attention within windows, attention over a grid. */
    private static final class Unit extends Net implements Layer {

        private final List<Layer> steps;

        Unit(Config config, int in, int out, int stride, int place, int places) {
            Group layers = add("layers", new Group());
            steps = List.of(
                    layers.with("MBconv", new Inverted(in, out, stride, config, place, places)),
                    layers.with("window_attention", new Partitioned(false, out, config, place, places)),
                    layers.with("grid_attention", new Partitioned(true, out, config, place, places)));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = x;
            for (Layer step : steps) {
                y = step.forward(y);
            }
            return y;
        }
    }

    /** A wide depthwise convolution between two narrow ones, with squeeze and excitation. */
    private static final class Inverted extends Net implements Layer {

        private static final int EXPANSION = 4;

        private final List<Layer> shortcut = new ArrayList<>();
        private final List<Layer> branch = new ArrayList<>();
        private final Layer path;

        Inverted(int in, int out, int stride, Config config, int place, int places) {
            if (stride > 1) {
                shortcut.add(add(
                        "proj",
                        new Sequential(List.of(
                                Leaf.of("pool", x -> x.avgPool2d(3, 2, 1)), convolution(in, out, 1, 1, 1, true)))));
            } else if (in != out) {
                shortcut.add(add("proj", new Sequential(List.of(convolution(in, out, 1, 1, 1, true)))));
            }
            int wide = EXPANSION * out;
            Group layers = add("layers", new Group());
            branch.add(layers.with("pre_norm", new BatchNorm(in, NORM_EPS, MOMENTUM)));
            branch.add(layers.with("conv_a", normed(in, wide, 1, 1, 1)));
            branch.add(layers.with("conv_b", normed(wide, wide, 3, stride, wide)));
            branch.add(layers.with(
                    "squeeze_excitation",
                    new SqueezeExcitation(wide, Math.max(1, out / 4), Tensor::silu, Tensor::sigmoid)));
            branch.add(layers.with("conv_c", convolution(wide, out, 1, 1, 1, true)));
            path = add("stochastic_depth", Dropout.path(config.dropPath(), place, places));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = x;
            for (Layer step : branch) {
                y = step.forward(y);
            }
            return path.forward(y).add(shortcut.isEmpty() ? x : shortcut.get(0).forward(x));
        }
    }

    /** Attention and a perceptron over the parts of a map [N, C, H, W]. */
    private static final class Partitioned extends Net implements Layer {

        private final boolean grid;
        private final int partition;
        private final Layer norm;
        private final Layer attention;
        private final Layer norm2;
        private final Layer in;
        private final Layer out;
        private final Layer dropout;
        private final Layer path;

        /** @param grid whether a part is places evenly spread over the map instead of neighbours */
        Partitioned(boolean grid, int width, Config config, int place, int places) {
            this.grid = grid;
            partition = config.partition();
            int heads = Math.max(1, width / config.headWidth());
            Group first = add("attn_layer", new Group());
            norm = first.with("0", new LayerNorm(EPS, width));
            attention = first.with(
                    "1",
                    new WindowAttention(
                            WindowAttention.Kind.TABLE_WIDE,
                            SelfAttention.Names.MAXVIT,
                            width,
                            heads,
                            partition,
                            partition));
            Group second = add("mlp_layer", new Group());
            norm2 = second.with("0", new LayerNorm(EPS, width));
            in = second.with("1", linear(width, 4 * width));
            out = second.with("3", linear(4 * width, width));
            dropout = second.with("4", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
            path = add("stochastic_dropout", Dropout.path(config.dropPath(), place, places));
        }

        @Override
        public Tensor apply(Tensor x) {
            long count = x.size(0);
            long width = x.size(1);
            long rows = x.size(2) / (grid ? partition : 1);
            long columns = x.size(3) / (grid ? partition : 1);
            var windows = new Windows(grid ? (int) rows : partition, grid ? (int) columns : partition);
            long length = (long) partition * partition;
            Tensor parts = windows.of(x.permute(0, 2, 3, 1)); // (N G, P, C)
            if (grid) {
                parts = parts.reshape(count, length, -1, width).transpose(1, 2);
            } else {
                parts = parts.reshape(count, -1, length, width);
            }
            Tensor y = parts; // (N, G, L, C), a path is dropped for a whole image
            y = y.add(path.forward(attended(norm.forward(y))));
            y = y.add(path.forward(perceptron(norm2.forward(y))));
            Tensor back = grid ? y.transpose(1, 2).reshape(count * length, -1, width) : y.flatten(0, 1);
            return windows.joined(back, x.size(2), x.size(3)).permute(0, 3, 1, 2);
        }

        private Tensor perceptron(Tensor x) {
            return dropout.forward(out.forward(in.forward(x).gelu()));
        }

        private Tensor attended(Tensor x) {
            return attention.forward(x.flatten(0, 1)).reshape(x.shape());
        }
    }
}
