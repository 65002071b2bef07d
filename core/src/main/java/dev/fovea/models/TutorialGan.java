package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.List;

/**
 * The generator and discriminator of GAN tutorials: 8x8x256 values grown by transposed convolutions, against a dense
 * discriminator of
 * 1024, 512, 256, 128 and 64 units; not class-conditional. Side 32, or any multiple of 4 with a start of a quarter.
 */
public final class TutorialGan extends Net implements GeneratorAndDiscriminator {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("tutorial-gan", new Config(), "https://arxiv.org/abs/1406.2661")
                    .at(3, 32, 32)
                    .classes(1));

    /** There is one. */
    record Config() implements NetConfig {

        @Override
        public Module create(Shape images, int classes) {
            return new TutorialGan(images.channels(), images.height(), images.width());
        }

        @Override
        public Class<?> network() {
            return GeneratorAndDiscriminator.class;
        }
    }

    private static final int NOISE = 100;

    private final Layer generator;
    private final Layer discriminator;

    TutorialGan(int channels, int height, int width) {
        EncoderDecoder.checkSides("tutorial-gan", height, width, 4);
        generator = add(
                "generator",
                LayerText.build(
                        ("dense %s, reshape 256 %s %s, batchnorm, leakyrelu 0.2, deconv 128 5 pad=2, batchnorm, "
                                        + "leakyrelu 0.2, deconv 64 4 stride=2 pad=1, batchnorm, leakyrelu 0.2, "
                                        + "deconv %s 4 stride=2 pad=1, sigmoid")
                                .formatted(Sizes.product(256, height / 4, width / 4), height / 4, width / 4, channels),
                        Shape.of(NOISE),
                        0));
        discriminator = add(
                "discriminator",
                LayerText.build(
                        "flatten, dense 1024, leakyrelu 0.2, dropout 0.3, dense 512, leakyrelu 0.2, dropout 0.3, dense 256, "
                                + "leakyrelu 0.2, dense 128, leakyrelu 0.2, dense 64, leakyrelu 0.2, dense 1",
                        channels,
                        height,
                        width,
                        0));
    }

    @Override
    public Tensor generate(Tensor noise, Tensor labels) {
        return generator.forward(noise);
    }

    @Override
    public Tensor discriminate(Tensor images, Tensor labels) {
        return discriminator.forward(images.mul(2).sub(1)).squeeze(1);
    }

    @Override
    public boolean classConditional() {
        return false;
    }

    @Override
    public boolean batchIndependent() {
        return true;
    }

    @Override
    public int noiseSize() {
        return NOISE;
    }
}
