package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Perceptron;
import dev.fovea.nn.SelfAttention;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.nn.WindowAttention;
import dev.fovea.nn.Windows;
import java.util.ArrayList;
import java.util.List;

/**
 * Transformers whose attention stays within windows, which every second block shifts by half (Liu et al. 2021,
 * <a href="https://arxiv.org/abs/2103.14030">2103.14030</a>; version 2, <a
 * href="https://arxiv.org/abs/2111.09883">2111.09883</a>).
 *
 * <p>Names and counts are torchvision's. Images of any size are taken: windows that do not divide a map are filled with
 * zeros.
 */
public final class Swin extends Net implements FeatureMaps, SizedWeights {

    private static final String TABLE = "relative_position_bias_table";
    private static final double EPS = 1e-5;

    /** A place sees no place that the shift brought beside it from the other end of the map. */
    private static final float HIDDEN = -100;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("swin_t", 1, 96, List.of(2, 2, 6, 2), List.of(3, 6, 12, 24), 0.2),
            row("swin_s", 1, 96, List.of(2, 2, 18, 2), List.of(3, 6, 12, 24), 0.3),
            row("swin_b", 1, 128, List.of(2, 2, 18, 2), List.of(4, 8, 16, 32), 0.5),
            row("swin_v2_t", 2, 96, List.of(2, 2, 6, 2), List.of(3, 6, 12, 24), 0.2),
            row("swin_v2_s", 2, 96, List.of(2, 2, 18, 2), List.of(3, 6, 12, 24), 0.3),
            row("swin_v2_b", 2, 128, List.of(2, 2, 18, 2), List.of(4, 8, 16, 32), 0.5));

    private static ModelEntry row(
            String name, int version, int width, List<Integer> depths, List<Integer> heads, double dropPath) {
        return ModelEntry.row(
                        name,
                        new Config(version, 4, width, depths, heads, version == 1 ? 7 : 8, dropPath, 0),
                        version == 1 ? "https://arxiv.org/abs/2103.14030" : "https://arxiv.org/abs/2111.09883")
                .at(3, version == 1 ? 224 : 256, version == 1 ? 224 : 256)
                .classes(1000);
    }

    /**
     * @param version 1 or 2: cosines for scores, norms behind the branches, positions by a small network
     * @param patch side of a patch, in pixels
     * @param width of a token of the first stage; each next one has twice as many
     * @param depths blocks of each stage
     * @param heads of attention, of each stage
     * @param window side of a window, in places
     * @param dropPath probability that the last block is passed by while training
     * @param dropout share of values dropped behind each layer while training
     */
    public record Config(
            int version,
            int patch,
            int width,
            List<Integer> depths,
            List<Integer> heads,
            int window,
            double dropPath,
            double dropout)
            implements NetConfig {

        private static final int DEEPEST = 1000;
        private static final int WIDEST = 128;

        public Config {
            depths = List.copyOf(depths);
            heads = List.copyOf(heads);
            NetConfig.range("version", version, 1, 2);
            NetConfig.positive("patch", patch);
            NetConfig.positive("width", width);
            NetConfig.range("window", window, 1, WIDEST);
            if (depths.isEmpty() || depths.size() != heads.size() || depths.size() > 8) {
                throw new IllegalArgumentException(
                        "swin: depths and heads must have a number for each stage, got depths=%s, heads=%s"
                                .formatted(depths, heads));
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
            heads.forEach(head -> NetConfig.positive("heads", head));
        }

        @Override
        public Module create(Shape images, int classes) {
            return new Swin(this, images, classes);
        }
    }

    private final Config config;
    private final Sequential embed;
    private final List<Layer> merges = new ArrayList<>();
    private final List<Sequential> stages = new ArrayList<>();
    private final Layer norm;
    private final Layer head;

    /** @param images channels, height and width */
    public Swin(Config config, Shape images, int classes) {
        this.config = config;
        Group features = add("features", new Group());
        int patch = config.patch();
        if (Math.min(images.height(), images.width()) < patch) {
            throw new IllegalArgumentException("swin: images must be at least %sx%s, got %sx%s. Set input.size"
                    .formatted(patch, patch, images.width(), images.height()));
        }
        embed = features.with(
                "0",
                new Sequential(List.of(
                        new Conv2d(images.channels(), config.width(), Conv2d.Window.of(patch, patch, 0), 1, true),
                        layer("permute", x -> x.permute(0, 2, 3, 1)),
                        new LayerNorm(EPS, config.width()))));
        int height = images.height() / patch;
        int width = images.width() / patch;
        int blocks = config.depths().stream().mapToInt(Integer::intValue).sum();
        int block = 0;
        for (int s = 0; s < config.depths().size(); s++) {
            if (s > 0) {
                merges.add(
                        features.with(Integer.toString(2 * s), new Merge(config.width() << s - 1, config.version())));
                height = (height + 1) / 2;
                width = (width + 1) / 2;
            }
            var units = new ArrayList<Layer>();
            var shift = new Shift(config.window(), height, width);
            for (int i = 0; i < config.depths().get(s); i++) {
                Dropout path = Dropout.path(config.dropPath(), block, blocks);
                units.add(new Block(config, s, i % 2 == 1 ? shift : shift.none(), path));
                block++;
            }
            stages.add(features.with(Integer.toString(2 * s + 1), new Sequential(units)));
        }
        int out = config.width() << config.depths().size() - 1;
        norm = add("norm", new LayerNorm(EPS, out));
        head = add("head", linear(out, classes));
        state().initializer(Init.TRUNCATED_NORMAL, (name, tensor) -> name.equals("weight") && tensor.dims() == 2);
        state().initializer(Initializer.ZEROS, (name, tensor) -> name.equals("bias"));
        embed.state().initializer(Init.PYTORCH, (name, tensor) -> tensor.dims() == 4);
    }

    private static Layer layer(String kind, java.util.function.UnaryOperator<Tensor> function) {
        return Leaf.of(kind, function);
    }

    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, H, W)
        Tensor y = embed.forward(x); // (N, H/4, W/4, width)
        var maps = new ArrayList<Tensor>();
        for (int s = 0; s < stages.size(); s++) {
            y = stages.get(s).forward(s == 0 ? y : merges.get(s - 1).forward(y)); // halves H and W from stage 2 on
            maps.add((s < stages.size() - 1 ? y : norm.forward(y)).permute(0, 3, 1, 2));
        }
        return maps;
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(stages.size() - 1); // (N, 8 width, H/32, W/32)
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(features.mean(2, 3)); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("head");
    }

    @Override
    public Tensor resized(String name, Tensor given, Tensor own) {
        int side = 2 * config.window() - 1;
        return name.endsWith(TABLE) && given.dims() == 2 ? SizedWeights.resized(given, side, side) : given;
    }

    /** Four neighbours become one place of twice the width: [N, H, W, C] to [N, H/2, W/2, 2 C], rounded up. */
    private static final class Merge extends Net implements Layer {

        private final Layer reduction;
        private final Layer norm;
        private final boolean first;

        Merge(int in, int version) {
            first = version == 1;
            reduction = add("reduction", new Dense(4 * in, 2 * in, false));
            norm = add("norm", new LayerNorm(EPS, first ? 4 * in : 2 * in));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor even = Windows.end(x, x.size(1) % 2, x.size(2) % 2);
            Tensor four = even.reshape(x.size(0), even.size(1) / 2, 2, even.size(2) / 2, 2, x.size(3))
                    .permute(0, 1, 3, 4, 2, 5) // the upper left, the lower left, the upper right, the lower right
                    .flatten(3, 5);
            return first ? reduction.forward(norm.forward(four)) : norm.forward(reduction.forward(four));
        }
    }

    /**
     * How far the windows of a map are shifted, and what they do not see for that.
     *
     * @param window side of a window
     * @param down places, in maps that are larger than a window
     * @param masks for maps of the size that the network is made for; none where nothing is shifted
     */
    private record Shift(int window, int down, int right, long rows, long columns, List<Tensor> masks) {

        /** By half a window, for maps of this size. */
        Shift(int window, int height, int width) {
            this(
                    window,
                    by(window, height),
                    by(window, width),
                    height + Windows.missing(height, window),
                    width + Windows.missing(width, window),
                    new ArrayList<>());
            if (down > 0 || right > 0) {
                masks.add(mask(window, (int) rows, (int) columns));
            }
        }

        private static int by(int window, long size) {
            return size > window ? window / 2 : 0;
        }

        Shift none() {
            return new Shift(window, 0, 0, 0, 0, List.of());
        }

        /** Of maps of another size. */
        Shift of(long height, long width) {
            return masks.isEmpty() && rows == 0 || rows == height && columns == width
                    ? this
                    : new Shift(window, (int) height, (int) width);
        }

        private static int region(int place, int size, int window) {
            int shift = by(window, size);
            return shift == 0 || place < size - window ? 0 : place < size - shift ? 1 : 2;
        }

        /** [windows, L, L]: hidden where two places of a window were no neighbours before the shift. */
        private static Tensor mask(int window, int rows, int columns) {
            int across = columns / window;
            int places = window * window;
            float[] values = new float[rows / window * across * places * places];
            int[] regions = new int[places];
            for (int w = 0; w < rows / window * across; w++) {
                for (int i = 0; i < places; i++) {
                    regions[i] = 3 * region(w / across * window + i / window, rows, window)
                            + region(w % across * window + i % window, columns, window);
                }
                for (int i = 0; i < places * places; i++) {
                    values[w * places * places + i] = regions[i / places] == regions[i % places] ? 0 : HIDDEN;
                }
            }
            return Tensor.of(values, rows / window * across, places, places);
        }
    }

    /** Attention within windows, then a perceptron, with norms, each added to its input: [N, H, W, C] to the same. */
    private static final class Block extends Net implements Layer {

        private final boolean before;
        private final Windows windows;
        private final Shift usual;
        private final Layer norm1;
        private final WindowAttention attention;
        private final Layer norm2;
        private final Layer perceptron;
        private final Layer path;
        private final Layer dropout;

        Block(Config config, int stage, Shift shift, Dropout path) {
            int width = config.width() << stage;
            int window = config.window();
            before = config.version() == 1;
            windows = new Windows(window, window);
            usual = shift;
            norm1 = add("norm1", new LayerNorm(EPS, width));
            attention = add(
                    "attn",
                    new WindowAttention(
                            before ? WindowAttention.Kind.TABLE : WindowAttention.Kind.CONTINUOUS,
                            SelfAttention.Names.TIMM,
                            width,
                            config.heads().get(stage),
                            window,
                            window));
            norm2 = add("norm2", new LayerNorm(EPS, width));
            perceptron = add("mlp", new Perceptron(width, 4 * width, "0", "3", config.dropout()));
            this.path = add("stochastic_depth", path);
            dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        }

        @Override
        public Tensor apply(Tensor x) {
            if (before) {
                Tensor y = x.add(path.forward(attended(norm1.forward(x))));
                return y.add(path.forward(perceptron.forward(norm2.forward(y))));
            }
            Tensor y = x.add(path.forward(norm1.forward(attended(x))));
            return y.add(path.forward(norm2.forward(perceptron.forward(y))));
        }

        private Tensor attended(Tensor x) {
            Tensor whole = windows.padded(x);
            long rows = whole.size(1);
            long columns = whole.size(2);
            Shift shift = usual.of(rows, columns);
            if (shift.masks().isEmpty()) {
                Tensor seen = windows.joined(attention.forward(windows.of(whole)), rows, columns);
                return dropout.forward(cropped(seen, x));
            }
            Tensor shifted = whole.roll(new long[] {-shift.down(), -shift.right()}, 1, 2);
            Tensor hidden = shift.masks().get(0).to(x.device());
            Tensor seen = windows.joined(attention.masked(windows.of(shifted), hidden), rows, columns);
            return dropout.forward(cropped(seen.roll(new long[] {shift.down(), shift.right()}, 1, 2), x));
        }

        private static Tensor cropped(Tensor x, Tensor like) {
            return x.size(1) == like.size(1) && x.size(2) == like.size(2)
                    ? x
                    : x.narrow(1, 0, like.size(1)).narrow(2, 0, like.size(2));
        }
    }
}
