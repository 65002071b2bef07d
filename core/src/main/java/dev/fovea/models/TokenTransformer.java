package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Embedding;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.SelfAttention;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Traceable;
import dev.fovea.nn.TransformerBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Generates an image token by token, each from the class and the tokens before it, by a causal transformer
 * (Radford et al. 2018; over tokens of images, Esser et al. 2020, <a
 * href="https://arxiv.org/abs/2012.09841">2012.09841</a>).
 * It contains the {@link Tokenizer} of its images.
 */
public final class TokenTransformer extends Net implements Traceable {

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            ModelEntry.row("token-transformer", new Config(32, 128, 32, 192, 6, 6), "https://arxiv.org/abs/2012.09841"),
            ModelEntry.row(
                    "pixel-transformer",
                    new PixelConfig(8, 128, 4, 4),
                    "https://proceedings.mlr.press/v119/chen20s.html"));

    /**
     * Over the tokens of a {@link VqVae}.
     *
     * @param base channels of the first convolution of its tokenizer
     * @param codes entries of its codebook
     * @param code length of an entry
     * @param width of the transformer
     * @param depth number of blocks
     */
    record Config(int base, int codes, int code, int width, int depth, int heads) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
            NetConfig.positive("depth", depth);
            NetConfig.positive("heads", heads);
        }

        @Override
        public Module create(Shape images, int classes) {
            VqVae tokenizer = new VqVae.Config(base, codes, code).net(images);
            return new TokenTransformer(tokenizer, width, depth, heads, classes);
        }

        @Override
        public Class<?> network() {
            return TokenTransformer.class;
        }
    }

    /**
     * Over the pixels of grey images.
     *
     * @param levels of a pixel, 2 to 256
     * @param width of the transformer
     * @param depth number of blocks
     */
    record PixelConfig(int levels, int width, int depth, int heads) implements NetConfig {

        PixelConfig {
            NetConfig.positive("width", width);
            NetConfig.positive("depth", depth);
            NetConfig.positive("heads", heads);
        }

        @Override
        public Module create(Shape images, int classes) {
            PixelLevels tokenizer = new PixelLevels(images.channels(), images.height(), images.width(), levels);
            return new TokenTransformer(tokenizer, width, depth, heads, classes);
        }

        @Override
        public Class<?> network() {
            return TokenTransformer.class;
        }
    }

    private final Tokenizer tokenizer;
    private final Decoder decoder;

    /**
     * How the next token is chosen.
     *
     * @param temperature of the softmax; 0 takes the most probable token
     * @param topK samples among so many most probable tokens, or 0 for all
     * @param topP samples among the most probable tokens that together reach this probability, 1 for all (Holtzman et
     * al. 2019)
     */
    public record Choice(double temperature, int topK, double topP) {
        public Choice {
            if (!(temperature >= 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
                throw new IllegalArgumentException(
                        "sampling: temperature and top-k are 0 or more, top-p above 0 to 1, got %s, %s, %s"
                                .formatted(temperature, topK, topP));
            }
        }

        /** By their probability. */
        public static Choice plain() {
            return new Choice(1, 0, 1);
        }
    }

    TokenTransformer(Tokenizer tokenizer, int width, int depth, int heads, int classes) {
        this.tokenizer = add("tokenizer", tokenizer);
        decoder = add("transformer", new Decoder(tokenizer, width, depth, heads, classes));
    }

    /** The tokenizer of its images. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Logits of every token from those before it.
     *
     * @param tokens [N, L], int64
     * @param labels classes, [N], int64
     * @return [N, L, codes]
     */
    public Tensor logits(Tensor tokens, Tensor labels) {
        return decoder.logits(tokens, labels);
    }

    /**
     * The attention of the last block for each token, the mean over its heads: [N, L, L]. Row i is for token i; its
     * column 0 is the class, column j the token j - 1.
     */
    public Tensor attention(Tensor tokens, Tensor labels) {
        return decoder.attention(tokens, labels).mean(1);
    }

    /** The class under which the first {@code known} of some tokens, [1, L], are most likely. */
    public long mostLikelyClass(Tensor tokens, int known) {
        long classes = decoder.classes();
        Tensor each = logits(tokens.expand(classes, -1), Tensor.arange(classes).to(tokens.device()))
                .to(DType.FLOAT32)
                .narrow(1, 0, known)
                .logSoftmax(2);
        Tensor written = tokens.narrow(1, 0, known).expand(classes, -1).unsqueeze(2);
        return each.gather(2, written).sum(1, 2).argmax(0).toLongs()[0];
    }

    /** Logits of the images' own tokens for class 0: [N, L, codes]. */
    @Override
    public Tensor trace(Tensor images) {
        Tensor labels = Tensor.zeros(DType.INT64, images.size(0)).to(images.device());
        return logits(tokenizer.tokens(images), labels);
    }

    /**
     * Generates images.
     *
     * @param given tokens [N, L] of which the first {@code kept} are kept
     * @param kept 0 for new images
     * @param cached whether keys and values of earlier positions are cached; slower without, and the same
     * @return tokens [N, L]
     */
    public Tensor generate(Tensor given, int kept, Tensor labels, Choice choice, boolean cached) {
        long count = labels.size(0);
        Tensor tokens = Tensor.zeros(DType.INT64, count, tokenizer.length()).to(labels.device());
        List<SelfAttention.Cache> caches = cached ? decoder.caches(count) : List.of();
        for (int i = 0; i < tokenizer.length(); i++) {
            try (var step = new Scope()) {
                Tensor logits = cached
                        ? decoder.next(i == 0 ? labels : tokens.select(1, i - 1), i, caches)
                        : decoder.logits(tokens.narrow(1, 0, i + 1), labels).select(1, i);
                tokens.select(1, i)
                        .copy_(
                                i < kept
                                        ? given.select(1, i)
                                        : chosen(logits.to(DType.FLOAT32), choice, state()::random));
            }
        }
        return tokens;
    }

    /** Logits [N, codes] to tokens [N]. */
    static Tensor chosen(Tensor logits, Choice choice, Supplier<Random> random) {
        if (choice.temperature() == 0) {
            return logits.argmax(1);
        }
        Tensor probabilities = logits.mul(1 / choice.temperature()).softmax(1);
        if (choice.topK() > 0 || choice.topP() < 1) {
            probabilities = cut(probabilities, choice);
        }
        return probabilities.multinomial(random.get(), 1).squeeze(1);
    }

    /** Unlikely tokens at probability 0. */
    private static Tensor cut(Tensor probabilities, Choice choice) {
        int codes = (int) probabilities.size(1);
        float[] all = probabilities.toFloats();
        for (int row = 0; row < all.length / codes; row++) {
            int from = row * codes;
            int[] order = IntStream.range(0, codes)
                    .boxed()
                    .sorted((a, b) -> Float.compare(all[from + b], all[from + a]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            double sum = 0;
            for (int rank = 0; rank < codes; rank++) {
                boolean beyond = (choice.topK() > 0 && rank >= choice.topK()) || sum >= choice.topP();
                sum += all[from + order[rank]];
                if (beyond) {
                    all[from + order[rank]] = 0;
                }
            }
        }
        return Tensor.of(all, probabilities.size(0), codes).to(probabilities.device());
    }

    /** The transformer alone; only its weights are trained. */
    private static final class Decoder extends Net {

        private final Embedding token;
        private final Embedding label;
        private final List<TransformerBlock> blocks = new ArrayList<>();
        private final LayerNorm norm;
        private final Dense head;

        Decoder(Tokenizer tokenizer, int width, int depth, int heads, int classes) {
            token = add("token", new Embedding(tokenizer.codes(), width));
            label = add("label", new Embedding(classes, width));
            state().parameter("positions", Initializer.normal(0.02), 1, tokenizer.length(), width);
            for (int i = 0; i < depth; i++) {
                blocks.add(add("block" + i, new TransformerBlock(width, heads, true)));
            }
            norm = add("norm", new LayerNorm(1e-5, width));
            head = add("head", new Dense(width, tokenizer.codes(), true));
        }

        Tensor logits(Tensor tokens, Tensor labels) {
            return within(() -> computed(tokens, labels));
        }

        private Tensor computed(Tensor tokens, Tensor labels) {
            Tensor x = embedded(tokens, labels);
            for (TransformerBlock block : blocks) {
                x = block.forward(x);
            }
            return head.forward(norm.forward(x));
        }

        Tensor attention(Tensor tokens, Tensor labels) {
            Tensor x = embedded(tokens, labels);
            for (TransformerBlock block : blocks.subList(0, blocks.size() - 1)) {
                x = block.forward(x);
            }
            return blocks.get(blocks.size() - 1).weights(x);
        }

        private Tensor embedded(Tensor tokens, Tensor labels) {
            long length = tokens.size(1);
            Tensor before = label.forward(labels).unsqueeze(1); // (N, 1, D): the class stands before the first
            Tensor x = length == 1
                    ? before
                    : Tensor.cat(List.of(before, token.forward(tokens.narrow(1, 0, length - 1))), 1);
            return x.add(state().get("positions").narrow(1, 0, length));
        }

        long classes() {
            return label.state().get("weight").size(0);
        }

        List<SelfAttention.Cache> caches(long count) {
            int most = Math.toIntExact(state().get("positions").size(1));
            return blocks.stream().map(block -> block.cache(count, most)).toList();
        }

        /** Logits of position {@code at} from what stands before it, [N]: a token, or for the first the class. */
        Tensor next(Tensor before, int at, List<SelfAttention.Cache> caches) {
            Tensor x = (at == 0 ? label : token).forward(before).unsqueeze(1);
            x = x.add(state().get("positions").narrow(1, at, 1));
            for (int i = 0; i < blocks.size(); i++) {
                x = blocks.get(i).forward(x, caches.get(i));
            }
            return head.forward(norm.forward(x)).select(1, 0);
        }
    }
}
