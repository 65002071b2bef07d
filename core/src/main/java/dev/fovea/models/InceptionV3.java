package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.AuxiliaryHeads;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Inception v3 (Szegedy et al. 2015, <a href="https://arxiv.org/abs/1512.00567">1512.00567</a>), whose features the
 * Fréchet inception distance is named after, with its auxiliary head.
 *
 * <p>Names and counts are torchvision's, so that its weights load.
 */
public final class InceptionV3 extends Net implements AuxiliaryHeads {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("inception_v3", new Config(true, 0.5), "https://arxiv.org/abs/1512.00567")
                    .at(3, 299, 299)
                    .classes(1000));

    /**
     * There is one.
     *
     * @param auxiliary whether there is a further head in the middle, which helps in training
     * @param dropout probability before the last layer
     */
    record Config(boolean auxiliary, double dropout) implements NetConfig {

        Config {
            NetConfig.probability("dropout", dropout);
        }

        @Override
        public InceptionV3 create(Shape images, int classes) {
            return new InceptionV3(this, images, classes);
        }
    }

    private static final int SMALLEST = 75;

    /** The number of the block whose maps the auxiliary head sees. */
    private static final int AUXILIARY_AT = 7;

    private static final double NORM_EPS = 1e-3;

    private final List<UnaryOperator<Tensor>> stem = new ArrayList<>();
    private final List<Layer> mixed = new ArrayList<>();
    private final List<Layer> auxiliary;
    private final Layer dropout;
    private final Layer head;
    private int width;

    /** @throws IllegalArgumentException if a side is below 75, the smallest that leaves something */
    InceptionV3(Config config, Shape images, int classes) {
        if (Math.min(images.height(), images.width()) < SMALLEST) {
            throw new IllegalArgumentException("inception_v3: images must be at least %sx%s, got %sx%s. Set input.size"
                    .formatted(SMALLEST, SMALLEST, images.width(), images.height()));
        }
        width = images.channels();
        stem("Conv2d_1a_3x3", 32, 3, 2, 0);
        stem("Conv2d_2a_3x3", 32, 3, 1, 0);
        stem("Conv2d_2b_3x3", 64, 3, 1, 1);
        stem.add(InceptionV3::halved);
        stem("Conv2d_3b_1x1", 80, 1, 1, 0);
        stem("Conv2d_4a_3x3", 192, 3, 1, 0);
        stem.add(InceptionV3::halved);
        fives("Mixed_5b", 32);
        fives("Mixed_5c", 64);
        fives("Mixed_5d", 64);
        mixed(
                "Mixed_6a",
                "branch3x3 384 3x3/2",
                "branch3x3dbl_1 64 1x1, branch3x3dbl_2 96 3x3, branch3x3dbl_3 96 3x3/2",
                "max");
        sevens("Mixed_6b", 128);
        sevens("Mixed_6c", 160);
        sevens("Mixed_6d", 160);
        sevens("Mixed_6e", 192);
        auxiliary = config.auxiliary() ? List.of(add("AuxLogits", new Auxiliary(width, classes))) : List.of();
        mixed(
                "Mixed_7a",
                "branch3x3_1 192 1x1, branch3x3_2 320 3x3/2",
                "branch7x7x3_1 192 1x1, branch7x7x3_2 192 1x7, branch7x7x3_3 192 7x1, branch7x7x3_4 192 3x3/2",
                "max");
        forks("Mixed_7b");
        forks("Mixed_7c");
        dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        head = add("fc", linear(width, classes));
        // torchvision's are truncated at 20 deviations, which no float32 draw reaches.
        state().initializer(Initializer.normal(0.1), (name, weight) -> weight.dims() > 1);
        auxiliary.forEach(
                aux -> aux.state().initializer(Initializer.normal(0.001), (name, weight) -> weight.dims() == 2));
    }

    private void stem(String name, int out, int kernel, int stride, int padding) {
        stem.add(add(name, new Unit(width, out, kernel, kernel, stride, new long[] {padding, padding}))::forward);
        width = out;
    }

    /** Figure 5 of the paper, with one of the two small convolutions still as large as both. */
    private void fives(String name, int pooled) {
        mixed(
                name,
                "branch1x1 64 1x1",
                "branch5x5_1 48 1x1, branch5x5_2 64 5x5",
                "branch3x3dbl_1 64 1x1, branch3x3dbl_2 96 3x3, branch3x3dbl_3 96 3x3",
                "mean, branch_pool %s 1x1".formatted(pooled));
    }

    /** Figure 6: rows and columns in turn. */
    private void sevens(String name, int inner) {
        mixed(
                name,
                "branch1x1 192 1x1",
                String.format(Locale.ROOT, "branch7x7_1 %1$d 1x1, branch7x7_2 %1$d 1x7, branch7x7_3 192 7x1", inner),
                String.format(
                        Locale.ROOT,
                        "branch7x7dbl_1 %1$d 1x1, branch7x7dbl_2 %1$d 7x1, branch7x7dbl_3 %1$d 1x7, branch7x7dbl_4 %1$d 7x1, branch7x7dbl_5 192 1x7",
                        inner),
                "mean, branch_pool 192 1x1");
    }

    /** Figure 7: rows beside columns. */
    private void forks(String name) {
        mixed(
                name,
                "branch1x1 320 1x1",
                "branch3x3_1 384 1x1, branch3x3_2a 384 1x3 | branch3x3_2b 384 3x1",
                "branch3x3dbl_1 448 1x1, branch3x3dbl_2 384 3x3, branch3x3dbl_3a 384 1x3 | branch3x3dbl_3b 384 3x1",
                "mean, branch_pool 192 1x1");
    }

    private void mixed(String name, String... branches) {
        var block = new Mixed(width, branches);
        mixed.add(add(name, block));
        width = block.out;
    }

    private static Tensor halved(Tensor x) {
        return x.maxPool2d(3, 2, 0, false);
    }

    @Override
    public Tensor apply(Tensor x) {
        return head(features(x));
    }

    @Override
    public Tensor features(Tensor x) { // (N, C, H, W)
        return behind(AUXILIARY_AT + 1, before(x)); // (N, 2048, H/32, W/32), rounded down
    }

    /** Up to the maps that the auxiliary head sees. */
    private Tensor before(Tensor x) {
        Tensor y = x;
        for (UnaryOperator<Tensor> step : stem) {
            y = step.apply(y);
        }
        for (Layer block : mixed.subList(0, AUXILIARY_AT + 1)) {
            y = block.forward(y);
        }
        return y;
    }

    private Tensor behind(int first, Tensor x) {
        Tensor y = x;
        for (Layer block : mixed.subList(first, mixed.size())) {
            y = block.forward(y);
        }
        return y;
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        var maps = new ArrayList<Tensor>();
        Tensor y = x;
        for (int i = 0; i < stem.size(); i++) {
            if (i == 3 || i == 6) { // before the poolings
                maps.add(y);
            }
            y = stem.get(i).apply(y);
        }
        for (int i = 0; i < mixed.size(); i++) {
            y = mixed.get(i).forward(y);
            if (i == 2 || i == AUXILIARY_AT) {
                maps.add(y);
            }
        }
        maps.add(y);
        return maps.subList(1, maps.size()); // at strides 4, 8, 16 and 32
    }

    @Override
    public List<Tensor> allLogits(Tensor x) {
        Tensor middle = before(x);
        var all = new ArrayList<>(List.of(head(behind(AUXILIARY_AT + 1, middle))));
        auxiliary.forEach(branch -> all.add(branch.forward(middle)));
        return all;
    }

    @Override
    public double auxiliaryWeight() {
        return 0.4;
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(dropout.forward(features.mean(2, 3))); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("fc");
    }

    /**
     * Branches side by side, their channels one after another. A branch is written as its steps: {@code mean} and
     * {@code max} pool, {@code name out HxW} is a convolution that keeps the size, with {@code /2} one that halves it,
     * and
     * {@code |} stands between two with the same input.
     */
    private static final class Mixed extends Net implements Layer {

        private final List<List<UnaryOperator<Tensor>>> branches = new ArrayList<>();
        private int out;

        Mixed(int in, String... texts) {
            for (String text : texts) {
                int width = in;
                var steps = new ArrayList<UnaryOperator<Tensor>>();
                for (String step : text.split(", ")) {
                    if (step.equals("mean")) {
                        steps.add(x -> x.avgPool2d(3, 1, 1));
                    } else if (step.equals("max")) {
                        steps.add(InceptionV3::halved);
                    } else {
                        var units = new ArrayList<Layer>();
                        int next = 0;
                        for (String unit : step.split(" \\| ")) {
                            String[] words = unit.split(" ");
                            int own = Integer.parseInt(words[1]);
                            units.add(add(words[0], unit(width, own, words[2])));
                            next += own;
                        }
                        steps.add(x ->
                                Tensor.cat(units.stream().map(u -> u.forward(x)).toList(), 1));
                        width = next;
                    }
                }
                branches.add(steps);
                out += width;
            }
        }

        private static Unit unit(int in, int out, String window) {
            int[] sizes =
                    Stream.of(window.split("[x/]")).mapToInt(Integer::parseInt).toArray();
            return sizes.length == 2
                    ? new Unit(in, out, sizes[0], sizes[1], 1, new long[] {sizes[0] / 2, sizes[1] / 2})
                    : new Unit(in, out, sizes[0], sizes[1], sizes[2], new long[] {0, 0});
        }

        @Override
        public Tensor apply(Tensor x) {
            var parts = new ArrayList<Tensor>();
            for (List<UnaryOperator<Tensor>> steps : branches) {
                Tensor y = x;
                for (UnaryOperator<Tensor> step : steps) {
                    y = step.apply(y);
                }
                parts.add(y);
            }
            return Tensor.cat(parts, 1);
        }
    }

    /** A head on maps in the middle, whose pooling makes 5x5 of the 17x17 of the published size. */
    private static final class Auxiliary extends Net implements Layer {

        private static final int LEAST = 17;
        private static final int SIDE = 5;

        private final Layer conv0;
        private final Layer conv1;
        private final Layer head;

        Auxiliary(int in, int classes) {
            conv0 = add("conv0", new Unit(in, 128, 1, 1, 1, new long[] {0, 0}));
            conv1 = add("conv1", new Unit(128, 768, SIDE, SIDE, 1, new long[] {0, 0}));
            head = add("fc", linear(768, classes));
        }

        @Override
        public Tensor apply(Tensor x) {
            boolean large = Math.min(x.size(2), x.size(3)) >= LEAST;
            Tensor pooled = large ? x.avgPool2d(SIDE, 3, 0) : x.adaptiveAvgPool2d(SIDE, SIDE);
            return head.forward(conv1.forward(conv0.forward(pooled)).mean(2, 3));
        }
    }

    /** A convolution without bias, its norm and a rectifier. */
    private static final class Unit extends Net implements Layer {

        private final Layer conv;
        private final Layer norm;

        Unit(int in, int out, int height, int width, int stride, long[] padding) {
            conv = add("conv", new Rectangular(in, out, height, width, stride, padding));
            norm = add("bn", new BatchNorm(out, NORM_EPS));
        }

        @Override
        public Tensor apply(Tensor x) {
            return norm.forward(conv.forward(x)).relu();
        }
    }

    /** A convolution whose kernel may be wider than high. */
    private static final class Rectangular extends Leaf {

        private final int stride;
        private final long[] padding;

        Rectangular(int in, int out, int height, int width, int stride, long[] padding) {
            super("conv");
            this.stride = stride;
            this.padding = padding;
            state().parameter("weight", Tensor.zeros(out, in, height, width));
        }

        @Override
        public Tensor apply(Tensor x) {
            return x.conv2d(state().get("weight"), stride, padding);
        }
    }
}
