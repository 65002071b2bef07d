package dev.fovea.models;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Conv2d.Window;
import dev.fovea.nn.ConvTranspose2d;
import dev.fovea.nn.DivisiveNorm;
import dev.fovea.nn.FactorizedPrior;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.List;

/**
 * An image codec: four strided 5x5 convolutions with divisive normalisation between them to latents of a sixteenth
 * of the size, which are rounded and coded under a learned distribution; a mirrored network decodes them.
 *
 * <p>Ballé, Laparra and Simoncelli, <a href="https://arxiv.org/abs/1611.01704">End-to-end optimized image
 * compression</a>, with the prior of <a href="https://arxiv.org/abs/1802.01436">1802.01436</a> and four layers as
 * there. While training, rounding is replaced by uniform noise from -0.5 to 0.5.
 */
public final class TransformCodec extends Net implements Layer {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("transform-codec", new Config(96, 128), "https://arxiv.org/abs/1611.01704")
                    .at(3, 128, 128)
                    .classes(1));

    /**
     * @param width channels between the layers
     * @param latents channels of what is coded
     */
    record Config(int width, int latents) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
            NetConfig.positive("latents", latents);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new TransformCodec(images.channels(), width, latents);
        }

        @Override
        public Class<?> network() {
            return TransformCodec.class;
        }
    }

    /** How many pixels of a side one latent stands for. */
    public static final int STRIDE = 16;

    /** Fresh weights make values below 1, which would drown in the noise of rounding. */
    private static final double GAIN = 10;

    private final List<Layer> analysis;
    private final List<Layer> synthesis;
    private final FactorizedPrior prior;

    /**
     * @param channels of the image
     * @param width channels between
     * @param latents channels of what is coded
     */
    public TransformCodec(int channels, int width, int latents) {
        analysis = List.of(
                down(channels, width),
                new DivisiveNorm(width, false),
                down(width, width),
                new DivisiveNorm(width, false),
                down(width, width),
                new DivisiveNorm(width, false),
                down(width, latents));
        synthesis = List.of(
                up(latents, width),
                new DivisiveNorm(width, true),
                up(width, width),
                new DivisiveNorm(width, true),
                up(width, width),
                new DivisiveNorm(width, true),
                up(width, channels));
        add("analysis", new Sequential(analysis));
        add("synthesis", new Sequential(synthesis));
        prior = add("prior", new FactorizedPrior(latents));
    }

    /** Images [N, C, H, W], sides multiples of 16, to latents [N, latents, H/16, W/16], not rounded. */
    public Tensor latents(Tensor x) {
        return through(analysis, x.sub(0.5)).mul(GAIN);
    }

    /** Latents [N, latents, h, w] to images [N, C, 16 h, 16 w], about 0 to 1. */
    public Tensor image(Tensor latents) {
        return through(synthesis, latents.div(GAIN)).add(0.5);
    }

    /** Layers one after another; what one makes is freed when the next has made use of it. */
    private static Tensor through(List<Layer> layers, Tensor x) {
        int last = layers.size() - 1;
        return last < 0 ? x : Scope.only(() -> layers.get(last).forward(through(layers.subList(0, last), x)));
    }

    /** The distribution that latents are coded under. */
    public FactorizedPrior prior() {
        return prior;
    }

    /** Images [N, C, H, W] after coding: latents are rounded in evaluation, with noise in training. */
    @Override
    public Tensor apply(Tensor x) {
        return image(quantized(latents(x)));
    }

    /** Rounded latents, or, while training, with uniform noise of the same variance as rounding. */
    public Tensor quantized(Tensor latents) {
        return state().training()
                ? latents.add(Tensor.rand(state().random(), latents.shape())
                        .to(latents.device())
                        .sub(0.5))
                : latents.round();
    }

    private static Layer down(int in, int out) {
        return new Conv2d(in, out, Window.of(5, 2, 2), 1, true);
    }

    private static Layer up(int in, int out) {
        return new ConvTranspose2d(in, out, Window.of(5, 2, 2), 1);
    }
}
