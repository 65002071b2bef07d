package dev.fovea.models;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.List;
import java.util.Locale;

/**
 * A vector-quantized autoencoder: each vector of the encoder is replaced by the nearest code of a codebook (van den
 * Oord et al. 2017, <a href="https://arxiv.org/abs/1711.00937">1711.00937</a>). The codebook is updated by moving
 * averages; unused codes are reset to random vectors of the batch.
 */
public final class VqVae extends Net implements AutoencoderNet, Tokenizer {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("vq-vae", new Config(32, 128, 32), "https://arxiv.org/abs/1711.00937"));

    /**
     * @param base channels of the first convolution
     * @param codes entries of the codebook
     * @param code length of an entry
     */
    record Config(int base, int codes, int code) implements NetConfig {

        Config {
            NetConfig.positive("base", base);
            NetConfig.positive("codes", codes);
            NetConfig.positive("code", code);
        }

        @Override
        public Module create(Shape images, int classes) {
            return net(images);
        }

        @Override
        public Class<?> network() {
            return VqVae.class;
        }

        VqVae net(Shape images) {
            return new VqVae(images.channels(), images.height(), images.width(), base, codes, code);
        }
    }

    private static final double DECAY = 0.99;
    private static final double SMALL = 1e-5;

    /** A code with less than this share of the mean use is dead. */
    private static final double DEAD = 0.03;

    private final Layer encoder;
    private final Layer decoder;
    private final int codes;
    private final int size;
    private final int height;
    private final int width;

    /** Quantized vectors: tokens [N, h w] and their codes, [N, D, h, w]. */
    public record Quantized(Tensor tokens, Tensor vectors) {}

    /**
     * @param base channels between
     * @param codes in the book
     * @param size of a code
     */
    VqVae(int channels, int height, int width, int base, int codes, int size) {
        EncoderDecoder.checkSides("vq-vae", height, width, 4);
        this.codes = codes;
        this.size = size;
        this.height = height / 4;
        this.width = width / 4;
        String unit = String.format(
                Locale.ROOT, "residual(relu, conv %1$d 3 pad=1, batchnorm, relu, conv %1$d 1, batchnorm)", 2 * base);
        encoder = add(
                "encoder",
                LayerText.build(
                        String.format(
                                Locale.ROOT,
                                "conv %d 4 stride=2 pad=1, batchnorm, relu, conv %d 4 stride=2 pad=1, batchnorm, %s, conv %d 1",
                                base,
                                2 * base,
                                unit,
                                size),
                        channels,
                        height,
                        width,
                        0));
        decoder = add(
                "decoder",
                LayerText.build(
                        String.format(
                                Locale.ROOT,
                                "conv %d 3 pad=1, batchnorm, %s, relu, deconv %d 4 stride=2 pad=1, batchnorm, relu, "
                                        + "deconv %d 4 stride=2 pad=1, sigmoid",
                                2 * base,
                                unit,
                                base,
                                channels),
                        Shape.of(size, this.height, this.width),
                        0));
        state().buffer("codebook", Initializer.normal(1), codes, size);
        state().buffer("counts", Tensor.ones(codes));
        state().buffer("sums", (sums, random) -> sums.copy_(state().get("codebook")), codes, size);
    }

    /** How many codes there are. */
    @Override
    public int codes() {
        return codes;
    }

    @Override
    public int length() {
        return Sizes.product(height, width);
    }

    @Override
    public int columns() {
        return width;
    }

    /** Images [N, C, H, W] to vectors [N, D, H/4, W/4]. */
    public Tensor vectors(Tensor images) {
        return encoder.forward(images).to(DType.FLOAT32);
    }

    /** The nearest code of each vector. */
    public Quantized quantized(Tensor vectors) {
        try (var noGrad = new NoGrad();
                var exact = Autocast.off(vectors.device())) { // in bfloat16 near codes would change places
            Tensor flat = flat(vectors);
            Tensor book = state().get("codebook");
            Tensor nearness =
                    flat.matmul(book.transpose(0, 1)).mul(2).sub(book.mul(book).sum(1));
            Tensor tokens = nearness.argmax(1);
            return new Quantized(tokens.reshape(vectors.size(0), -1), arranged(tokens, vectors.size(0)));
        }
    }

    /** Updates the codebook by the vectors assigned to each code, and resets dead ones. */
    public void learn(Tensor vectors, Tensor tokens) {
        try (var noGrad = new NoGrad();
                var exact = Autocast.off(vectors.device())) {
            Tensor flat = flat(vectors.detach());
            Tensor member = tokens.reshape(-1, 1)
                    .sub(Tensor.arange(codes).to(tokens.device()).reshape(1, codes))
                    .eq(0)
                    .to(DType.FLOAT32); // (N h w, codes)
            Tensor counts = state().get("counts");
            Tensor sums = state().get("sums");
            counts.lerp_(member.sum(0), 1 - DECAY);
            sums.lerp_(member.transpose(0, 1).matmul(flat), 1 - DECAY);
            wake(flat, counts, sums);
            state().get("codebook").copy_(sums.div(counts.add(SMALL).unsqueeze(1)));
        }
    }

    private void wake(Tensor flat, Tensor counts, Tensor sums) {
        double even = flat.size(0) / (double) codes;
        Tensor dead = counts.ge(DEAD * even).to(DType.FLOAT32).neg().add(1); // (codes), 1 where dead
        if (dead.sum().item() == 0) {
            return;
        }
        Tensor drawn = Tensor.rand(state().random(), codes)
                .mul(flat.size(0))
                .to(DType.INT64)
                .clamp(0, flat.size(0) - 1)
                .to(DType.INT64)
                .to(flat.device());
        Tensor fresh = flat.indexSelect(0, drawn);
        Tensor alive = dead.neg().add(1);
        counts.copy_(counts.mul(alive).add(dead.mul(even)));
        sums.copy_(sums.mul(alive.unsqueeze(1)).add(fresh.mul(even).mul(dead.unsqueeze(1))));
    }

    /** Vectors [N, D, h, w] to images [N, C, H, W], values 0 to 1. */
    public Tensor images(Tensor vectors) {
        return decoder.forward(vectors);
    }

    @Override
    public Tensor tokens(Tensor images) {
        return quantized(vectors(images)).tokens();
    }

    @Override
    public Tensor ofTokens(Tensor tokens) {
        return images(arranged(tokens.reshape(-1), tokens.size(0)));
    }

    /** The straight-through estimator: the codes, [N, D, h, w], whose gradient goes to the vectors unchanged. */
    public Tensor through(Tensor vectors, Quantized quantized) {
        return quantized.vectors().add(vectors.sub(vectors.detach())); // adds 0: the codes stay what they are
    }

    /** The codes of an image's tokens side by side: [N, D h w]. */
    @Override
    public Tensor encode(Tensor images) {
        Tensor vectors = vectors(images);
        return through(vectors, quantized(vectors)).flatten(1, -1);
    }

    @Override
    public Tensor decode(Tensor vectors) {
        return images(vectors.reshape(-1, size, height, width));
    }

    /** [N, D, h, w] to [N h w, D]. */
    private Tensor flat(Tensor vectors) {
        return vectors.permute(0, 2, 3, 1).reshape(-1, size);
    }

    private Tensor arranged(Tensor tokens, long count) {
        return state().get("codebook")
                .indexSelect(0, tokens)
                .reshape(count, height, width, size)
                .permute(0, 3, 1, 2);
    }
}
