package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Conv2d.Window;
import dev.fovea.nn.ConvTranspose2d;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Embedding;
import dev.fovea.nn.GroupNorm;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import dev.fovea.nn.SpectralConv2d;
import dev.fovea.nn.SpectralDense;
import dev.fovea.nn.SpectralEmbedding;
import java.util.ArrayList;
import java.util.List;

/**
 * DCGAN: transposed convolutions against strided ones (Radford et al. 2015,
 * <a href="https://arxiv.org/abs/1511.06434">1511.06434</a>), class-conditional: the generator by an embedding beside
 * the noise, the discriminator by a projection (Miyato and Koyama 2018, <a
 * href="https://arxiv.org/abs/1802.05637">1802.05637</a>).
 */
public final class Dcgan extends Net implements GeneratorAndDiscriminator {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("dcgan", new Config(64, Norm.BATCH), "https://arxiv.org/abs/1511.06434"));

    /**
     * @param width channels at full size; twice as many at each halving
     * @param norm of the discriminator
     */
    record Config(int width, Norm norm) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
        }

        @Override
        public Module create(Shape images, int classes) {
            return new Dcgan(images.channels(), images.height(), images.width(), width, classes, norm);
        }

        @Override
        public Class<?> network() {
            return GeneratorAndDiscriminator.class;
        }
    }

    private static final int NOISE = 100;
    private static final int CONDITIONING = 50;
    private static final double SLOPE = 0.2;

    private final Generator generator;
    private final Discriminator discriminator;
    private final Norm norm;

    /** The normalisation of the discriminator. */
    enum Norm {
        /** Batch norms behind all convolutions but the first (Radford et al. 2015). */
        BATCH,
        /** Layer norms in their place, for a gradient penalty (Gulrajani et al. 2017). */
        LAYER,
        /** All weights divided by their largest singular value (Miyato et al. 2018). */
        SPECTRAL
    }

    /** @param width channels at full size; twice as many at each halving */
    Dcgan(int channels, int height, int width0, int width, int classes, Norm norm) {
        this.norm = norm;
        int halvings = 0;
        while (height % (2 << halvings) == 0 && width0 % (2 << halvings) == 0 && height >> halvings + 1 >= 4) {
            halvings++;
        }
        if (halvings < 2) {
            throw new IllegalArgumentException(
                    "dcgan: sides must be multiples of 4, got %sx%s. Set input.size".formatted(width0, height));
        }
        generator = add(
                "generator", new Generator(channels, height >> halvings, width0 >> halvings, halvings, width, classes));
        discriminator = add(
                "discriminator",
                new Discriminator(channels, height >> halvings, width0 >> halvings, halvings, width, classes, norm));
    }

    @Override
    public Tensor generate(Tensor noise, Tensor labels) {
        return generator.forward(Tensor.cat(List.of(noise, generator.conditioning.forward(labels)), 1));
    }

    @Override
    public Tensor discriminate(Tensor images, Tensor labels) {
        Tensor seen = discriminator.forward(images.mul(2).sub(1));
        Tensor conditioning =
                discriminator.conditioning.forward(labels).mul(seen).sum(1);
        return discriminator.head.forward(seen).squeeze(1).add(conditioning);
    }

    @Override
    public boolean classConditional() {
        return true;
    }

    @Override
    public boolean batchIndependent() {
        return norm != Norm.BATCH;
    }

    @Override
    public int noiseSize() {
        return NOISE;
    }

    /** Noise and class [N, 150] to images [N, C, H, W], values 0 to 1. */
    private static final class Generator extends Net implements Layer {

        private final Embedding conditioning;
        private final Layer start;
        private final List<Layer> grow = new ArrayList<>();
        private final List<Layer> norms = new ArrayList<>();
        private final int height;
        private final int width;

        Generator(int channels, int height, int width, int halvings, int base, int classes) {
            this.height = height;
            this.width = width;
            int most = Sizes.product(base, 1L << halvings - 1);
            conditioning = add("conditioning", new Embedding(classes, CONDITIONING));
            start = add("start", new Dense(NOISE + CONDITIONING, Sizes.product(most, height, width), false));
            norms.add(add("norm0", new BatchNorm(most)));
            for (int i = 1; i <= halvings; i++) {
                int in = Sizes.product(base, 1L << halvings - i);
                int out = i == halvings ? channels : in / 2;
                grow.add(add("grow" + i, new ConvTranspose2d(in, out, Window.of(4, 2, 1), 0, i == halvings)));
                if (i < halvings) {
                    norms.add(add("norm" + i, new BatchNorm(out)));
                }
            }
        }

        @Override
        public Tensor apply(Tensor x) {
            // Channels last in memory, as convolutions leave them: a batch norm between two layouts is not parallel.
            Tensor y = start.forward(x).reshape(x.size(0), height, width, -1).permute(0, 3, 1, 2);
            for (int i = 0; i < grow.size(); i++) {
                y = grow.get(i).forward(norms.get(i).forward(y).relu()); // doubles H and W
            }
            return y.tanh().add(1).mul(0.5);
        }
    }

    /** Images [N, C, H, W] to features, [N, D]. */
    private static final class Discriminator extends Net implements Layer {

        private final List<Layer> shrink = new ArrayList<>();
        private final List<Layer> norms = new ArrayList<>();
        private final Layer conditioning;
        private final Layer head;

        Discriminator(int channels, int height, int width, int halvings, int base, int classes, Norm norm) {
            int in = channels;
            for (int i = 0; i < halvings; i++) {
                int out = Sizes.product(base, 1L << i);
                Window window = Window.of(4, 2, 1);
                boolean normed = i > 0 && norm != Norm.SPECTRAL;
                shrink.add(add(
                        "shrink" + i,
                        norm == Norm.SPECTRAL
                                ? new SpectralConv2d(in, out, window)
                                : new Conv2d(in, out, window, 1, !normed)));
                norms.add(
                        normed
                                ? add(
                                        "norm" + i,
                                        new Normed(norm == Norm.BATCH ? new BatchNorm(out) : new GroupNorm(1, out)))
                                : LayerText.build("leakyrelu " + SLOPE, out, 1, 1, 0));
                in = out;
            }
            int seen = Sizes.product(in, height, width);
            if (norm == Norm.SPECTRAL) {
                conditioning = add("conditioning", new SpectralEmbedding(classes, seen));
                head = add("head", new SpectralDense(seen, 1));
                return;
            }
            conditioning = add("conditioning", new Embedding(classes, seen));
            // As small as the head's: with larger weights the class dominates the features, and the images of a class
            // collapse to one.
            conditioning.state().initializer(Initializer.normal(1 / Math.sqrt(seen)), (name, weight) -> true);
            head = add("head", new Dense(seen, 1, true));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = x;
            for (int i = 0; i < shrink.size(); i++) {
                y = norms.get(i).forward(shrink.get(i).forward(y)); // halves H and W
            }
            return y.permute(0, 2, 3, 1).flatten(1, -1);
        }
    }

    /** A norm with its leaky rectifier. */
    private static final class Normed extends Net implements Layer {

        private final Layer norm;

        Normed(Layer norm) {
            this.norm = add("norm", norm);
        }

        @Override
        public Tensor apply(Tensor x) {
            return norm.forward(x).leakyRelu(SLOPE);
        }
    }
}
