package dev.fovea.models;

import static dev.fovea.nn.Layers.conv;

import dev.fovea.data.Dataset;
import dev.fovea.data.FrameSampling;
import dev.fovea.data.Order;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The network of airbench94, made for the most accuracy on CIFAR-10 per multiplication (Jordan 2024, <a
 * href="https://arxiv.org/abs/2404.00498">2404.00498</a>): a first convolution of 2x2 pixels that whitens its patches and does
 * not learn, three groups of two convolutions with norms that only shift, and GELU.
 *
 * <p>The convolutions of a group begin as the identity where they can, with the directions of Dirac.
 */
public final class Airbench extends Net implements FeatureMaps, FittedToData {

    /** The registered ones; the second has a good two thirds of the first one's multiplications. */
    static final List<ModelEntry> MODELS =
            List.of(row("airbench94", List.of(64, 256, 256)), row("airbench94-small", List.of(64, 192, 192)));

    private static final double EPS = 1e-12;
    private static final double MOMENTUM = 0.4;
    private static final double SCALE = 1.0 / 9;

    private static ModelEntry row(String name, List<Integer> widths) {
        return ModelEntry.row(name, new Config(widths), "https://arxiv.org/abs/2404.00498")
                .at(3, 32, 32);
    }

    /** @param widths channels of the three groups */
    record Config(List<Integer> widths) implements NetConfig {

        Config {
            widths = List.copyOf(widths);
            if (widths.size() != 3) {
                throw new IllegalArgumentException(
                        "option widths must be three whole numbers, one for each group, got " + widths);
            }
            widths.forEach(width -> NetConfig.positive("widths", width));
        }

        @Override
        public Module create(Shape images, int classes) {
            return new Airbench(images.channels(), widths, classes);
        }
    }

    private final Whitening whiten;
    private final List<Layer> groups = new ArrayList<>();
    private final Layer head;

    /** @param widths channels of the three groups */
    public Airbench(int channels, List<Integer> widths, int classes) {
        whiten = add("whiten", new Whitening(channels));
        int in = whiten.filters;
        var layers = new ArrayList<Layer>();
        for (int width : widths) {
            layers.add(new Group(in, width));
            in = width;
        }
        groups.addAll(layers);
        add("layers", new Sequential(layers));
        head = add("head", new Dense(in, classes, false));
    }

    @Override
    public void fit(Dataset data, Preprocess preprocess) {
        whiten.fit(data, preprocess);
    }

    @Override
    public Tensor features(Tensor x) {
        return stages(x).get(2);
    }

    @Override
    public List<Tensor> stages(Tensor x) { // (N, C, 32, 32)
        var maps = new ArrayList<Tensor>();
        Tensor y = whiten.forward(x).gelu(); // (N, 8 C, 31, 31)
        for (Layer group : groups) {
            y = group.forward(y); // 15, 7 and 3 pixels
            maps.add(y);
        }
        return maps;
    }

    @Override
    public Tensor head(Tensor features) {
        Tensor peaks = features.adaptiveMaxPool2d(1, 1).flatten(1, -1);
        return head.forward(peaks).mul(SCALE); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("head");
    }

    /** Convolution, max-pooling, norm, GELU, and the same again without pooling. */
    private static final class Group extends Net implements Layer {

        private final Layer first;
        private final Layer second;
        private final Layer firstNorm;
        private final Layer secondNorm;

        Group(int in, int out) {
            first = add("conv1", convolution(in, out));
            firstNorm = add("norm1", new ShiftNorm(out));
            second = add("conv2", convolution(out, out));
            secondNorm = add("norm2", new ShiftNorm(out));
        }

        private static Layer convolution(int in, int out) {
            Layer conv = conv(in, out, 3, 1);
            conv.state().initializer(Airbench::identity, (name, weight) -> weight.dims() == 4);
            return conv;
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = firstNorm
                    .forward(first.forward(x).maxPool2d(2, 2, 0, false))
                    .gelu();
            return secondNorm.forward(second.forward(y)).gelu();
        }
    }

    /** As many filters as there are channels pass one on each; the others are drawn as PyTorch draws them. */
    private static void identity(Tensor weight, Random random) {
        long in = weight.size(1);
        Initializer.uniform(1 / Math.sqrt(in * weight.size(2) * weight.size(3))).fill(weight, random);
        long passed = Math.min(in, weight.size(0));
        weight.narrow(0, 0, passed).fill_(0);
        for (long i = 0; i < passed; i++) {
            weight.select(0, i).select(0, i).select(0, 1).select(0, 1).fill_(1);
        }
    }

    /** A batch norm that shifts and does not scale. */
    private static final class ShiftNorm extends Leaf {

        ShiftNorm(int channels) {
            super("batchnorm");
            state().buffer("weight", Tensor.ones(channels));
            state().parameter("bias", Tensor.zeros(channels));
            state().buffer("running_mean", Tensor.zeros(channels));
            state().buffer("running_var", Tensor.ones(channels));
        }

        @Override
        public Tensor apply(Tensor x) {
            return x.batchNorm(
                    state().get("weight"),
                    state().get("bias"),
                    state().get("running_mean"),
                    state().get("running_var"),
                    state().training(),
                    state().newShareOr(MOMENTUM),
                    EPS);
        }
    }

    /** Patches of 2x2 pixels in the directions of their covariance, each divided by its deviation, and the negatives of these. */
    private static final class Whitening extends Leaf {

        private static final int SIDE = 2;
        private static final int MOST_IMAGES = 5000;
        private static final double EPSILON = 5e-4;

        private final int values;
        private final int filters;

        Whitening(int channels) {
            super("conv");
            values = channels * SIDE * SIDE;
            filters = 2 * values;
            state().buffer("weight", (weight, random) -> unfitted(weight), filters, channels, SIDE, SIDE);
            state().parameter("bias", Tensor.zeros(filters));
        }

        /** Until images are known, the pixels themselves. */
        private static void unfitted(Tensor weight) {
            int values = (int) weight.size(0) / 2;
            double[] identity = new double[values * values];
            for (int i = 0; i < values; i++) {
                identity[i * values + i] = 1;
            }
            Tensor rows = Tensor.of(identity, values, values);
            weight.copy_(Tensor.cat(List.of(rows, rows.neg()), 0).reshape(weight.shape()));
        }

        @Override
        public Tensor apply(Tensor x) {
            return x.conv2d(state().get("weight"), state().get("bias"), 1, 0, 1, 1);
        }

        void fit(Dataset data, Preprocess preprocess) {
            Preprocess single = preprocess.withFrames(FrameSampling.STILL);
            double[] covariance = new double[values * values];
            long patches = 0;
            for (int index : Order.spread(data.size(), MOST_IMAGES)) {
                patches += add(single.apply(data, index).pixels(), preprocess, covariance);
            }
            long count = patches;
            double[] mean = Arrays.stream(covariance).map(sum -> sum / count).toArray();
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                List<Tensor> eigen = Tensor.of(mean, values, values).symmetricEigen();
                Tensor directions = eigen.get(1).transpose(0, 1);
                Tensor scaled =
                        directions.div(eigen.get(0).relu().add(EPSILON).sqrt().reshape(values, 1));
                Tensor weight = state().get("weight");
                weight.copy_(Tensor.cat(List.of(scaled, scaled.neg()), 0).reshape(weight.shape()));
            }
        }

        /** Adds the products of the values of every patch, normalised as the network sees them; returns their number. */
        private long add(byte[] pixels, Preprocess shown, double[] sums) {
            int channels = shown.channels();
            double[] patch = new double[values];
            long patches = 0;
            for (int y = 0; y + SIDE <= shown.height(); y++) {
                for (int x = 0; x + SIDE <= shown.width(); x++) {
                    for (int v = 0; v < values; v++) { // channel, row, column, as in a kernel
                        int c = v / (SIDE * SIDE);
                        int at = ((y + v / SIDE % SIDE) * shown.width() + x + v % SIDE) * channels + c;
                        patch[v] = ((pixels[at] & 0xFF) / 255.0 - shown.mean().get(c))
                                / shown.std().get(c);
                    }
                    for (int i = 0; i < values; i++) {
                        for (int j = 0; j < values; j++) {
                            sums[i * values + j] += patch[i] * patch[j];
                        }
                    }
                    patches++;
                }
            }
            return patches;
        }
    }
}
