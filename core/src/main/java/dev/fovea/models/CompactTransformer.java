package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.GlobalAttention;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.SelfAttention;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A transformer for small images and few of them: convolutions make the tokens, and the head sees their weighted mean
 * (Hassani et al. 2021, <a href="https://arxiv.org/abs/2104.05704">2104.05704</a>).
 *
 * <p>Names and counts are those of its authors.
 */
public final class CompactTransformer extends Net implements FeatureMaps, GlobalAttention, SizedWeights {

    private static final double EPS = 1e-5;
    private static final String POSITIONS = "positional_emb";

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("cct_2_3x2_32", new Config(3, 2, 128, 2, 2, 1, 0.1, 0, 0.1)),
            row("cct_4_3x2_32", new Config(3, 2, 128, 4, 2, 1, 0.1, 0, 0.1)),
            row("cct_6_3x2_32", new Config(3, 2, 256, 6, 4, 2, 0.1, 0, 0.1)),
            row("cct_7_3x1_32", new Config(3, 1, 256, 7, 4, 2, 0.1, 0, 0.1)));

    private static ModelEntry row(String name, Config config) {
        return ModelEntry.row(name, config, "https://arxiv.org/abs/2104.05704").at(3, 32, 32);
    }

    /**
     * @param kernel side of a convolution that makes tokens, odd
     * @param convs such convolutions, each of which halves the map
     * @param width of a token
     * @param depth blocks
     * @param ratio units of the perceptron in a block, as a multiple of the width
     * @param dropPath probability that the last block is passed by while training
     * @param dropout share of values dropped behind each layer while training
     * @param attentionDropout share of attention weights dropped while training
     */
    public record Config(
            int kernel,
            int convs,
            int width,
            int depth,
            int heads,
            int ratio,
            double dropPath,
            double dropout,
            double attentionDropout)
            implements NetConfig {

        private static final int DEEPEST = 1000;
        private static final int HALVINGS = 8;
        private static final int FIRST = 64;

        public Config {
            NetConfig.positive("kernel", kernel);
            NetConfig.range("convs", convs, 1, HALVINGS);
            NetConfig.positive("width", width);
            NetConfig.range("depth", depth, 1, DEEPEST);
            NetConfig.positive("heads", heads);
            NetConfig.positive("ratio", ratio);
            NetConfig.probability("attentionDropout", attentionDropout);
            if (kernel % 2 == 0) {
                throw new IllegalArgumentException("option kernel must be odd, got " + kernel);
            }
        }

        @Override
        public Module create(Shape images, int classes) {
            return new CompactTransformer(this, images, classes);
        }
    }

    private final Config config;
    private final int rows;
    private final int columns;
    private final Sequential tokenizer;
    private final Group classifier;
    private final Dropout dropout;
    private final List<Block> blocks = new ArrayList<>();
    private final Sequential all;
    private final Layer norm;
    private final Layer share;
    private final Layer head;

    /** @param images channels, height and width, any that are larger than a pixel */
    public CompactTransformer(Config config, Shape images, int classes) {
        this.config = config;
        int width = config.width();
        int height = images.height();
        int across = images.width();
        var steps = new ArrayList<Layer>();
        for (int i = 0; i < config.convs(); i++) {
            int kernel = config.kernel();
            var window = Conv2d.Window.of(kernel, Math.max(1, kernel / 2), Math.max(1, kernel / 2));
            steps.add(new Sequential(List.of(
                    new Conv2d(
                            i == 0 ? images.channels() : Config.FIRST,
                            i == config.convs() - 1 ? width : Config.FIRST,
                            window,
                            1,
                            false),
                    Leaf.of("relu", Tensor::relu),
                    Leaf.of("maxpool", x -> x.maxPool2d(3, 2, 1, false)))));
            height = halved(height, window);
            across = halved(across, window);
        }
        rows = height;
        columns = across;
        tokenizer = add("tokenizer", new Group()).with("conv_layers", new Sequential(steps));
        tokenizer.state().initializer(Init.HE_NORMAL, (name, tensor) -> true);
        classifier = add("classifier", new Group());
        classifier.state().parameter(POSITIONS, Init.TRUNCATED_NORMAL, 1, (long) rows * columns, width);
        share = classifier.with("attention_pool", linear(width, 1));
        dropout = classifier.with("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        for (int i = 0; i < config.depth(); i++) {
            blocks.add(new Block(config, i));
        }
        all = classifier.with("blocks", new Sequential(blocks));
        norm = classifier.with("norm", new LayerNorm(EPS, width));
        head = classifier.with("fc", linear(width, classes));
        classifier.state().initializer(Init.TRUNCATED_NORMAL, (name, tensor) -> tensor.dims() == 2);
        classifier.state().initializer(Initializer.ZEROS, (name, tensor) -> name.equals("bias"));
    }

    private static int halved(int size, Conv2d.Window window) {
        int after = (size + 2 * window.padding() - window.kernel()) / window.stride() + 1;
        return (after - 1) / 2 + 1;
    }

    @Override
    public Tensor features(Tensor x) {
        return map(norm.forward(all.forward(tokens(x))));
    }

    private Tensor tokens(Tensor x) { // (N, C, H, W)
        Tensor maps = tokenizer.forward(x); // (N, D, h, w)
        if (maps.size(2) != rows || maps.size(3) != columns) {
            throw new IllegalArgumentException(
                    "cct: was made for images of another size than %sx%s".formatted(x.size(3), x.size(2)));
        }
        Tensor tokens =
                maps.flatten(2, 3).transpose(1, 2).add(classifier.state().get(POSITIONS)); // (N, h w, D)
        return dropout.forward(tokens);
    }

    private Tensor map(Tensor tokens) {
        return tokens.transpose(1, 2).reshape(tokens.size(0), config.width(), rows, columns);
    }

    @Override
    public Tokens tokens() {
        return new Tokens(0, rows, columns);
    }

    @Override
    public Pass forward(Tensor x, UnaryOperator<Tensor> seen) {
        Tensor y = tokens(x);
        for (Block block : blocks) {
            y = block.forward(y, seen);
        }
        Tensor features = map(norm.forward(y));
        return new Pass(
                head(features), weights(features.flatten(2, 3).transpose(1, 2)).squeeze(1));
    }

    /** The mean of all tokens, each with a weight of its own. */
    private Tensor pooled(Tensor features) {
        Tensor tokens = features.flatten(2, 3).transpose(1, 2); // (N, h w, D)
        return weights(tokens).to(tokens.type()).matmul(tokens).squeeze(1); // (N, D)
    }

    /** How much each token counts: (N, 1, h w). */
    private Tensor weights(Tensor tokens) {
        return share.forward(tokens).softmax(1).transpose(1, 2);
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(pooled(features)); // (N, classes), logits
    }

    @Override
    public Tensor embedding(Tensor x) {
        return pooled(features(x));
    }

    @Override
    public List<String> headNames() {
        return List.of("classifier.fc", "classifier.attention_pool");
    }

    @Override
    public Tensor resized(String name, Tensor given, Tensor own) {
        return name.endsWith(POSITIONS) && given.dims() == 3
                ? SizedWeights.resized(given.squeeze(0), rows, columns).unsqueeze(0)
                : given;
    }

    /** Attention, then a perceptron; what goes round the perceptron is normed as well. */
    private static final class Block extends Net implements Layer {

        private final Layer before;
        private final SelfAttention attention;
        private final Layer in;
        private final Layer norm;
        private final Layer out;
        private final Layer path;
        private final Layer dropout;

        Block(Config config, int place) {
            int width = config.width();
            before = add("pre_norm", new LayerNorm(EPS, width));
            attention = add(
                    "self_attn",
                    new SelfAttention(
                            SelfAttention.Names.TIMM, width, config.heads(), false, false, config.attentionDropout()));
            in = add("linear1", linear(width, config.ratio() * width));
            norm = add("norm1", new LayerNorm(EPS, width));
            out = add("linear2", linear(config.ratio() * width, width));
            path = add("drop_path", Dropout.path(config.dropPath(), place, config.depth()));
            dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        }

        @Override
        public Tensor apply(Tensor x) { // (N, L, D)
            return forward(x, attention.forward(before.forward(x)));
        }

        /** The same with its attention weights seen. */
        Tensor forward(Tensor x, UnaryOperator<Tensor> seen) {
            return forward(x, attention.forward(before.forward(x), seen));
        }

        private Tensor forward(Tensor x, Tensor attended) {
            Tensor y = x.add(path.forward(dropout.forward(attended)));
            y = norm.forward(y);
            Tensor z = out.forward(dropout.forward(in.forward(y).gelu()));
            return y.add(path.forward(dropout.forward(z)));
        }
    }
}
