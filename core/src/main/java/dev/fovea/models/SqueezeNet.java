package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.List;

/**
 * AlexNet's accuracy with a fiftieth of its weights, from modules that squeeze the channels and expand them again (Iandola et
 * al. 2016, <a href="https://arxiv.org/abs/1602.07360">1602.07360</a>); version 1.1 has its poolings earlier. Names and
 * counts are torchvision's.
 */
public final class SqueezeNet extends Net implements FeatureMaps {

    private static final int SMALLEST = 21;
    private static final int WIDTH = 64;

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(row("squeezenet1_0", Version.V1_0), row("squeezenet1_1", Version.V1_1));

    private static ModelEntry row(String name, Version version) {
        return ModelEntry.row(name, new Config(version, WIDTH, 0.5), "https://arxiv.org/abs/1602.07360")
                .at(3, 224, 224)
                .classes(1000);
    }

    /** Where the poolings are, and the first convolution. */
    enum Version {
        V1_0(7, 96, List.of(2, 6)),
        V1_1(3, 64, List.of(1, 3));

        private final int kernel;
        private final int stem;
        private final List<Integer> pooled;

        /** @param pooled numbers of the fire modules, from 0, behind which a pooling comes */
        Version(int kernel, int stem, List<Integer> pooled) {
            this.kernel = kernel;
            this.stem = stem;
            this.pooled = pooled;
        }
    }

    /**
     * Eight fire modules.
     *
     * @param width channels of each half of the first; all others in proportion, as in the paper for 64
     * @param dropout probability before the last convolution
     */
    record Config(Version version, int width, double dropout) implements NetConfig {

        Config {
            NetConfig.range("width", width, 4, NetConfig.MOST);
            NetConfig.probability("dropout", dropout);
        }

        @Override
        public SqueezeNet create(Shape images, int classes) {
            if (Math.min(images.height(), images.width()) < SMALLEST) {
                throw new IllegalArgumentException(
                        "squeezenet: images must be at least %sx%s, got %sx%s. Set input.size"
                                .formatted(SMALLEST, SMALLEST, images.width(), images.height()));
            }
            return new SqueezeNet(this, images.channels(), classes);
        }

        private int scaled(int channels) {
            return channels * width / WIDTH;
        }
    }

    private final Trunk trunk;
    private final Layer classifier;

    SqueezeNet(Config config, int channels, int classes) {
        Version version = config.version();
        int in = config.scaled(version.stem);
        trunk = add("features", new Trunk());
        trunk.then(new Conv2d(channels, in, Conv2d.Window.of(version.kernel, 2, 0), 1, true), 2)
                .then(Leaf.of("relu", Tensor::relu), 1);
        pool();
        for (int i = 0; i < 8; i++) {
            int half = config.scaled(WIDTH * (i / 2 + 1));
            trunk.then(new Fire(in, config.scaled(16 * (i / 2 + 1)), half), 1);
            in = 2 * half;
            if (version.pooled.contains(i)) {
                pool();
            }
        }
        Conv2d last = new Conv2d(in, classes, Conv2d.Window.of(1, 1, 0), 1, true);
        classifier = add(
                "classifier",
                new Sequential(List.of(
                        new Dropout(Dropout.Unit.ELEMENT, config.dropout()), last, Leaf.of("relu", Tensor::relu))));
        Init.HE_UNIFORM.ofConvolutions(state());
        state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
        last.state().initializer(Initializer.normal(0.01), (name, weight) -> weight.dims() == 4);
    }

    private void pool() {
        trunk.then(Leaf.of("maxpool", x -> x.maxPool2d(3, 2, 0, true)), 2);
    }

    @Override
    public Tensor features(Tensor x) { // (N, C, H, W)
        return trunk.forward(x); // (N, 8 width, H/16, W/16)
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        return trunk.maps(x, 4); // at strides 4, 8 and 16: there is none of 32
    }

    @Override
    public List<Tensor> allStages(Tensor x) {
        return trunk.maps(x, 2);
    }

    @Override
    public Tensor head(Tensor features) {
        return classifier.forward(features).mean(2, 3); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("classifier");
    }

    /** Few channels, then two halves of many: one by 1x1, one by 3x3. */
    private static final class Fire extends Net implements Layer {

        private final Layer squeeze;
        private final Layer narrow;
        private final Layer wide;

        Fire(int in, int squeezed, int half) {
            squeeze = add("squeeze", new Conv2d(in, squeezed, Conv2d.Window.of(1, 1, 0), 1, true));
            narrow = add("expand1x1", new Conv2d(squeezed, half, Conv2d.Window.of(1, 1, 0), 1, true));
            wide = add("expand3x3", new Conv2d(squeezed, half, Conv2d.Window.of(3, 1, 1), 1, true));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor few = squeeze.forward(x).relu();
            return Tensor.cat(List.of(narrow.forward(few), wide.forward(few)), 1)
                    .relu();
        }
    }
}
