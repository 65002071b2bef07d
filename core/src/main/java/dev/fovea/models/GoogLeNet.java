package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.AuxiliaryHeads;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Inception v1: convolutions of several sizes side by side (Szegedy et al. 2014, <a
 * href="https://arxiv.org/abs/1409.4842">1409.4842</a>, table 1), with batch norm. Names and counts are torchvision's, whose
 * 5x5 branch has a kernel of 3x3.
 */
public final class GoogLeNet extends Net implements AuxiliaryHeads {

    private static final double NORM_EPS = 1e-3;
    private static final int WIDTH = 64;

    /** Branch widths of each module: 1x1; 3x3 reduced, 3x3; 5x5 reduced, 5x5; pooled. */
    private static final int[][] MODULES = {
        {64, 96, 128, 16, 32, 32},
        {128, 128, 192, 32, 96, 64},
        {192, 96, 208, 16, 48, 64},
        {160, 112, 224, 24, 64, 64},
        {128, 128, 256, 24, 64, 64},
        {112, 144, 288, 32, 64, 64},
        {256, 160, 320, 32, 128, 128},
        {256, 160, 320, 32, 128, 128},
        {384, 192, 384, 48, 128, 128}
    };

    private static final List<String> NAMES = List.of("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b");

    /** The registered one. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("googlenet", new Config(WIDTH, false, 0.2), "https://arxiv.org/abs/1409.4842")
                    .at(3, 224, 224)
                    .classes(1000));

    /**
     * Nine modules.
     *
     * @param width channels of the first convolution; all others in proportion, as in the paper for 64
     * @param auxiliary whether there are two further heads, which help in training
     * @param dropout probability before the last layer
     */
    record Config(int width, boolean auxiliary, double dropout) implements NetConfig {

        Config {
            NetConfig.range("width", width, 4, NetConfig.MOST);
            NetConfig.probability("dropout", dropout);
        }

        @Override
        public GoogLeNet create(Shape images, int classes) {
            if (Math.min(images.height(), images.width()) < 15) {
                throw new IllegalArgumentException("googlenet: images must be at least 15x15, got %sx%s. Set input.size"
                        .formatted(images.width(), images.height()));
            }
            return new GoogLeNet(this, images.channels(), classes);
        }

        private int scaled(int channels) {
            return channels * width / WIDTH;
        }
    }

    private final Layer conv1;
    private final Layer conv2;
    private final Layer conv3;
    private final List<Layer> modules = new ArrayList<>();
    private final List<Layer> auxiliary = new ArrayList<>();
    private final Layer dropout;
    private final Layer head;

    GoogLeNet(Config config, int channels, int classes) {
        int width = config.scaled(WIDTH);
        conv1 = add("conv1", unit(channels, width, 7, 2));
        conv2 = add("conv2", unit(width, width, 1, 1));
        conv3 = add("conv3", unit(width, 3 * width, 3, 1));
        int in = 3 * width;
        var ins = new ArrayList<Integer>();
        for (int i = 0; i < MODULES.length; i++) {
            ins.add(in);
            var module = new Inception(config, in, MODULES[i]);
            modules.add(add("inception" + NAMES.get(i), module));
            in = module.out;
        }
        if (config.auxiliary()) { // behind 4a and 4d
            auxiliary.add(add("aux1", new Auxiliary(ins.get(3), config, classes)));
            auxiliary.add(add("aux2", new Auxiliary(ins.get(6), config, classes)));
        }
        dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        head = add("fc", linear(in, classes));
        // torchvision's are truncated at 200 deviations, which no float32 draw reaches.
        state().initializer(Initializer.normal(0.01), (name, weight) -> weight.dims() > 1);
    }

    /** A convolution without bias, its norm and a rectifier. */
    private static Layer unit(int in, int out, int kernel, int stride) {
        return new Unit(in, out, kernel, stride);
    }

    @Override
    public Tensor apply(Tensor x) {
        return head(features(x));
    }

    @Override
    public Tensor features(Tensor x) { // (N, C, H, W)
        return outputs(x).get(MODULES.length - 1); // (N, 16 width, H/32, W/32)
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        Tensor stem = stem(x);
        List<Tensor> outputs = behind(stem);
        return List.of(stem, outputs.get(1), outputs.get(6), outputs.get(8)); // at strides 4, 8, 16 and 32
    }

    /** What each module gives. */
    private List<Tensor> outputs(Tensor x) {
        return behind(stem(x));
    }

    private Tensor stem(Tensor x) {
        Tensor y = conv1.forward(x).maxPool2d(3, 2, 0, true);
        return conv3.forward(conv2.forward(y)); // (N, 3 width, H/4, W/4)
    }

    private List<Tensor> behind(Tensor stem) {
        var outputs = new ArrayList<Tensor>();
        Tensor y = stem.maxPool2d(3, 2, 0, true);
        for (int i = 0; i < MODULES.length; i++) {
            if (i == 2) {
                y = y.maxPool2d(3, 2, 0, true);
            } else if (i == 7) {
                y = y.maxPool2d(2, 2, 0, true);
            }
            y = modules.get(i).forward(y);
            outputs.add(y);
        }
        return outputs;
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(dropout.forward(features.mean(2, 3))); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("fc");
    }

    @Override
    public List<Tensor> allLogits(Tensor x) {
        List<Tensor> outputs = outputs(x);
        var all = new ArrayList<>(List.of(head(outputs.get(8))));
        if (!auxiliary.isEmpty()) {
            all.add(auxiliary.get(0).forward(outputs.get(2)));
            all.add(auxiliary.get(1).forward(outputs.get(5)));
        }
        return all;
    }

    @Override
    public double auxiliaryWeight() {
        return 0.3;
    }

    /** Four branches side by side. */
    private static final class Inception extends Net implements Layer {

        private final List<Layer> branches;
        private final int out;

        Inception(Config config, int in, int[] widths) {
            int[] own = Arrays.stream(widths).map(config::scaled).toArray();
            branches = List.of(
                    unit(in, own[0], 1, 1),
                    new Sequential(List.of(unit(in, own[1], 1, 1), unit(own[1], own[2], 3, 1))),
                    new Sequential(List.of(unit(in, own[3], 1, 1), unit(own[3], own[4], 3, 1))),
                    new Sequential(
                            List.of(Leaf.of("maxpool", x -> x.maxPool2d(3, 1, 1, true)), unit(in, own[5], 1, 1))));
            for (int i = 0; i < branches.size(); i++) {
                add("branch" + (i + 1), branches.get(i));
            }
            out = own[0] + own[2] + own[4] + own[5];
        }

        @Override
        public Tensor apply(Tensor x) {
            return Tensor.cat(branches.stream().map(branch -> branch.forward(x)).toList(), 1);
        }
    }

    /** A head on maps in the middle. */
    private static final class Auxiliary extends Net implements Layer {

        private static final int SIDE = 4;
        private static final double DROPPED = 0.7;

        private final Layer conv;
        private final Layer hidden;
        private final Layer dropout;
        private final Layer head;

        Auxiliary(int in, Config config, int classes) {
            int width = config.scaled(128);
            conv = add("conv", unit(in, width, 1, 1));
            hidden = add("fc1", linear(SIDE * SIDE * width, config.scaled(1024)));
            dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, DROPPED));
            head = add("fc2", linear(config.scaled(1024), classes));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = conv.forward(x.adaptiveAvgPool2d(SIDE, SIDE)).flatten(1, -1);
            return head.forward(dropout.forward(hidden.forward(y).relu()));
        }
    }

    private static final class Unit extends Net implements Layer {

        private final Layer conv;
        private final Layer norm;

        Unit(int in, int out, int kernel, int stride) {
            conv = add("conv", new Conv2d(in, out, Conv2d.Window.of(kernel, stride, kernel / 2), 1, false));
            norm = add("bn", new BatchNorm(out, NORM_EPS));
        }

        @Override
        public Tensor apply(Tensor x) {
            return norm.forward(conv.forward(x)).relu();
        }
    }
}
