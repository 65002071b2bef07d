package dev.fovea.models;

import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A variational autoencoder: the encoder gives mean and logarithm of the variance of a normal distribution of codes,
 * the decoder logits of the image (Kingma and Welling 2013, <a href="https://arxiv.org/abs/1312.6114">1312.6114</a>).
 */
public final class Vae extends Net implements AutoencoderNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("vae", new Config(16, 32), "https://arxiv.org/abs/1312.6114"));

    /**
     * @param code length of a code
     * @param width channels of the first convolution
     */
    record Config(int code, int width) implements NetConfig {

        Config {
            NetConfig.positive("code", code);
            NetConfig.positive("width", width);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new Vae(images.channels(), images.height(), images.width(), width, code);
        }

        @Override
        public Class<?> network() {
            return Vae.class;
        }
    }

    private final Layer encoder;
    private final Layer decoder;
    private final int code;

    /** A normal distribution for each image: both [N, D]. */
    public record Posterior(Tensor mean, Tensor logVariance) {

        /** Codes drawn from it. */
        public Tensor draw(Random random) {
            Tensor noise = Tensor.randn(random, mean.shape()).to(mean.device()).to(mean.type());
            return mean.add(logVariance.mul(0.5).exp().mul(noise));
        }

        /** The Kullback-Leibler divergence from the standard normal distribution for each image, in nats: [N]. */
        public Tensor divergence() {
            return mean.mul(mean)
                    .add(logVariance.exp())
                    .sub(logVariance)
                    .sub(1)
                    .sum(1)
                    .mul(0.5);
        }
    }

    Vae(int channels, int height, int width, int base, int code) {
        EncoderDecoder.checkSides("vae", height, width, 4);
        this.code = code;
        encoder = add(
                "encoder",
                LayerText.build(
                        String.format(
                                Locale.ROOT,
                                "conv %d 4 stride=2 pad=1, relu, conv %d 4 stride=2 pad=1, relu, flatten, dense 256, "
                                        + "relu, dense %d",
                                base,
                                2 * base,
                                2 * code),
                        channels,
                        height,
                        width,
                        0));
        decoder = add(
                "decoder",
                LayerText.build(
                        String.format(
                                Locale.ROOT,
                                "dense 256, relu, dense %d, relu, reshape %d %d %d, deconv %d 4 stride=2 pad=1, relu, "
                                        + "deconv %d 4 stride=2 pad=1",
                                Sizes.product(2, base, height / 4, width / 4),
                                2 * base,
                                height / 4,
                                width / 4,
                                base,
                                channels),
                        Shape.of(code),
                        0));
    }

    /** The length of a code. */
    public int codeSize() {
        return code;
    }

    /** The distribution of codes of images [N, C, H, W]. */
    public Posterior posterior(Tensor images) {
        Tensor both = encoder.forward(images);
        return new Posterior(both.narrow(1, 0, code), both.narrow(1, code, code));
    }

    /** Codes [N, D] to logits of images [N, C, H, W]. */
    public Tensor logits(Tensor codes) {
        return decoder.forward(codes);
    }

    @Override
    public Optional<FeatureMaps> maps() {
        return encoder instanceof FeatureMaps maps ? Optional.of(maps) : Optional.empty();
    }

    /** The mean of the distribution. */
    @Override
    public Tensor encode(Tensor images) {
        return posterior(images).mean();
    }

    @Override
    public Tensor decode(Tensor codes) {
        return logits(codes).sigmoid();
    }
}
