package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Conv2d.Window;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mix Transformer, the encoder of SegFormer (Xie et al. 2021, <a href="https://arxiv.org/abs/2105.15203">2105.15203</a>): four stages
 * of transformer blocks on ever coarser maps, each entered by a convolution of overlapping patches. Attention looks at a coarser copy
 * of the maps; a depthwise convolution in the perceptrons takes the place of positions, so that images of any size will do.
 *
 * <p>Names are those of the authors' network; it classifies by the mean of its last maps.
 */
public final class MixTransformer extends Net implements FeatureMaps {

    static final String PAPER = "https://arxiv.org/abs/2105.15203";

    /** Images whose first maps the coarser copy of the first stage has a place of. */
    private static final int LEAST = 29;

    private static final int STAGES = 4;
    private static final double EPS = 1e-6;
    private static final int[] REDUCTIONS = {8, 4, 2, 1};
    private static final List<Integer> HEADS = List.of(1, 2, 5, 8);
    private static final List<Integer> WIDER = List.of(64, 128, 320, 512);

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("mit_b0", new Config(List.of(32, 64, 160, 256), List.of(2, 2, 2, 2), HEADS, 4, 0.1)),
            row("mit_b1", new Config(WIDER, List.of(2, 2, 2, 2), HEADS, 4, 0.1)),
            row("mit_b2", new Config(WIDER, List.of(3, 4, 6, 3), HEADS, 4, 0.1)));

    private static ModelEntry row(String name, Config config) {
        return ModelEntry.row(name, config, PAPER).at(3, 224, 224).classes(1000);
    }

    /**
     * Its size.
     *
     * @param widths channels of each stage
     * @param depths blocks of each stage
     * @param heads of each stage's attention, which divide its channels
     * @param wider how many times as many values there are within a perceptron
     * @param dropPath probability that the last block leaves a branch out while training; the first has none
     */
    record Config(List<Integer> widths, List<Integer> depths, List<Integer> heads, int wider, double dropPath)
            implements NetConfig {

        Config {
            widths = List.copyOf(widths);
            depths = List.copyOf(depths);
            heads = List.copyOf(heads);
            if (widths.size() != STAGES || depths.size() != STAGES || heads.size() != STAGES) {
                throw new IllegalArgumentException(
                        "mit: widths, depths and heads must be four numbers each, got widths=%s, depths=%s, heads=%s"
                                .formatted(widths, depths, heads));
            }
            widths.forEach(width -> NetConfig.positive("widths", width));
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, 100));
            heads.forEach(head -> NetConfig.range("heads", head, 1, 256));
            NetConfig.range("wider", wider, 1, 16);
            NetConfig.probability("dropPath", dropPath);
            for (int s = 0; s < STAGES; s++) {
                if (widths.get(s) % heads.get(s) != 0) {
                    throw new IllegalArgumentException(
                            "mit: widths must be multiples of heads, got widths=%s, heads=%s".formatted(widths, heads));
                }
            }
        }

        @Override
        public MixTransformer create(Shape images, int classes) {
            if (Math.min(images.height(), images.width()) < LEAST) {
                throw new IllegalArgumentException("mit: images must be at least %sx%s, got %sx%s. Set input.size"
                        .formatted(LEAST, LEAST, images.width(), images.height()));
            }
            return new MixTransformer(this, images.channels(), classes);
        }
    }

    private final List<Patches> patches = new ArrayList<>();
    private final List<List<Block>> blocks = new ArrayList<>();
    private final List<Layer> norms = new ArrayList<>();
    private final Layer head;

    /** @param channels of the images */
    MixTransformer(Config config, int channels, int classes) {
        int in = channels;
        for (int s = 0; s < STAGES; s++) {
            int width = config.widths().get(s);
            patches.add(add("patch_embed" + (s + 1), new Patches(in, width, s == 0 ? 7 : 3, s == 0 ? 4 : 2)));
            in = width;
        }
        int all = config.depths().stream().mapToInt(Integer::intValue).sum();
        int block = 0;
        for (int s = 0; s < STAGES; s++) {
            var stage = new ArrayList<Block>();
            var group = add("block" + (s + 1), new Group());
            for (int i = 0; i < config.depths().get(s); i++) {
                Block one = new Block(config, s, Dropout.path(config.dropPath(), block++, all));
                group.with(Integer.toString(i), one);
                stage.add(one);
            }
            blocks.add(stage);
            norms.add(add("norm" + (s + 1), new LayerNorm(EPS, config.widths().get(s))));
        }
        head = add("head", linear(in, classes));
        state().initializer(Init.TRUNCATED_NORMAL, (name, weight) -> weight.dims() == 2);
        state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(STAGES - 1); // (N, widths[3], H/32, W/32)
    }

    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, H, W)
        var maps = new ArrayList<Tensor>();
        Tensor y = x;
        for (int s = 0; s < STAGES; s++) {
            Tensor map = patches.get(s).map(y);
            Tensor tokens = patches.get(s).tokens(map);
            for (Block block : blocks.get(s)) {
                tokens = block.of(tokens, map.size(2), map.size(3));
            }
            y = map(norms.get(s).forward(tokens), map.size(2), map.size(3));
            maps.add(y); // at strides 4, 8, 16 and 32
        }
        return maps;
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(features.mean(2, 3)); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("head");
    }

    /** [N, C, H, W] to [N, H W, C]. */
    private static Tensor tokens(Tensor map) {
        return map.flatten(2, 3).transpose(1, 2);
    }

    /** [N, H W, C] to [N, C, H, W]. */
    private static Tensor map(Tensor tokens, long height, long width) {
        return tokens.transpose(1, 2).reshape(tokens.size(0), tokens.size(2), height, width);
    }

    /** A convolution from outgoing values' variance, as the authors draw it. */
    private static Conv2d conv(int in, int out, Window window, int groups) {
        var conv = new Conv2d(in, out, window, groups, true);
        double fan = (double) window.kernel() * window.kernel() * out / groups;
        conv.state().initializer(Initializer.normal(Math.sqrt(2 / fan)), (name, weight) -> weight.dims() == 4);
        return conv;
    }

    /** Overlapping patches of maps as tokens, coarser by the stride. */
    private static final class Patches extends Net {

        private final Layer projection;
        private final Layer norm;

        Patches(int in, int out, int kernel, int stride) {
            projection = add("proj", conv(in, out, Window.of(kernel, stride, kernel / 2), 1));
            norm = add("norm", new LayerNorm(1e-5, out));
        }

        Tensor map(Tensor x) {
            return projection.forward(x);
        }

        Tensor tokens(Tensor map) {
            return norm.forward(MixTransformer.tokens(map));
        }
    }

    /** Attention and perceptron, each behind a norm and added to its input. */
    private static final class Block extends Net {

        private final Layer norm1;
        private final Attention attention;
        private final Layer norm2;
        private final Perceptron perceptron;
        private final Layer path;

        Block(Config config, int stage, Dropout path) {
            int width = config.widths().get(stage);
            norm1 = add("norm1", new LayerNorm(EPS, width));
            attention = add("attn", new Attention(width, config.heads().get(stage), REDUCTIONS[stage]));
            norm2 = add("norm2", new LayerNorm(EPS, width));
            perceptron = add("mlp", new Perceptron(width, config.wider() * width));
            this.path = add("droppath", path);
        }

        /** Tokens [N, H W, C] of maps of that size, to the same shape. */
        Tensor of(Tensor x, long height, long width) {
            Tensor y = x.add(path.forward(attention.of(norm1.forward(x), height, width)));
            return y.add(path.forward(perceptron.of(norm2.forward(y), height, width)));
        }
    }

    /** Self-attention whose keys and values come from maps that are coarser by a factor (section 3.1). */
    private static final class Attention extends Net {

        private final int heads;
        private final Layer queries;
        private final Layer keysAndValues;
        private final Layer out;
        private final Optional<Layer> coarser;
        private final Optional<Layer> norm;

        Attention(int width, int heads, int factor) {
            this.heads = heads;
            queries = add("q", linear(width, width));
            keysAndValues = add("kv", linear(width, 2 * width));
            out = add("proj", linear(width, width));
            boolean reduced = factor > 1;
            coarser = reduced
                    ? Optional.of(add("sr", conv(width, width, Window.of(factor, factor, 0), 1)))
                    : Optional.empty();
            norm = reduced ? Optional.of(add("norm", new LayerNorm(1e-5, width))) : Optional.empty();
        }

        Tensor of(Tensor x, long height, long width) {
            long n = x.size(0);
            long d = x.size(2) / heads;
            Tensor seen = coarser.isPresent()
                    ? norm.orElseThrow().forward(tokens(coarser.get().forward(map(x, height, width)))) // (N, M, C)
                    : x;
            Tensor q = queries.forward(x).reshape(n, x.size(1), heads, d).permute(0, 2, 1, 3);
            Tensor both = keysAndValues
                    .forward(seen)
                    .reshape(n, seen.size(1), 2, heads, d)
                    .permute(2, 0, 3, 1, 4); // (2, N, heads, M, D)
            Tensor y = q.attention(both.select(0, 0), both.select(0, 1)); // (N, heads, H W, D)
            return out.forward(y.permute(0, 2, 1, 3).reshape(n, x.size(1), x.size(2)));
        }
    }

    /** Two dense layers, between them a depthwise convolution that tells places from each other. */
    private static final class Perceptron extends Net {

        private final Layer in;
        private final Layer depthwise;
        private final Layer out;

        Perceptron(int width, int hidden) {
            in = add("fc1", linear(width, hidden));
            depthwise = add("dwconv", new Group()).with("dwconv", conv(hidden, hidden, Window.of(3, 1, 1), hidden));
            out = add("fc2", linear(hidden, width));
        }

        Tensor of(Tensor x, long height, long width) {
            Tensor y = depthwise.forward(map(in.forward(x), height, width));
            return out.forward(tokens(y).gelu());
        }
    }
}
