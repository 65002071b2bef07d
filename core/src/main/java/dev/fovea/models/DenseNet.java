package dev.fovea.models;

import static dev.fovea.nn.Layers.batchNorm;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Each layer sees the maps of all layers before it in its block (Huang et al. 2016, <a
 * href="https://arxiv.org/abs/1608.06993">1608.06993</a>, table 1). Names and counts are torchvision's.
 */
public final class DenseNet extends Net implements FeatureMaps {

    /** A layer's 1x1 convolution gives so many times its growth. */
    private static final int BOTTLENECK = 4;

    private static final int BLOCKS = 4;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("densenet121", 32, 6, 12, 24, 16),
            row("densenet161", 48, 6, 12, 36, 24),
            row("densenet169", 32, 6, 12, 32, 32),
            row("densenet201", 32, 6, 12, 48, 32));

    private static ModelEntry row(String name, int growth, Integer... depths) {
        return ModelEntry.row(name, new Config(List.of(depths), growth, 0), "https://arxiv.org/abs/1608.06993")
                .at(3, 224, 224)
                .classes(1000);
    }

    /**
     * Four blocks.
     *
     * @param depths layers of each block
     * @param growth channels that a layer adds
     * @param dropout probability behind each layer
     */
    record Config(List<Integer> depths, int growth, double dropout) implements NetConfig {

        private static final int DEEPEST = 200;

        Config {
            depths = List.copyOf(depths);
            if (depths.size() != BLOCKS) {
                throw new IllegalArgumentException("densenet: depths must be four numbers, got depths=" + depths);
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
            NetConfig.positive("growth", growth);
            NetConfig.probability("dropout", dropout);
        }

        @Override
        public DenseNet create(Shape images, int classes) {
            if (Math.min(images.height(), images.width()) < 29) {
                throw new IllegalArgumentException("densenet: images must be at least 29x29, got %sx%s. Set input.size"
                        .formatted(images.width(), images.height()));
            }
            return new DenseNet(this, images.channels(), classes);
        }
    }

    private final Features features;
    private final Layer head;

    DenseNet(Config config, int channels, int classes) {
        features = add("features", new Features(config, channels));
        head = add("classifier", linear(features.width, classes));
        Init.HE_NORMAL.ofConvolutions(state());
        head.state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    @Override
    public Tensor features(Tensor x) {
        return features.forward(x); // (N, F, H/32, W/32)
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        return features.maps(x); // at strides 4, 8, 16 and 32
    }

    @Override
    public Tensor head(Tensor features) {
        return head.forward(features.mean(2, 3)); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("classifier");
    }

    /** The stem and the blocks, between two of which a transition halves maps and channels. */
    private static final class Features extends Net implements Layer {

        private final Layer stem;
        private final Layer norm;
        private final List<Layer> blocks = new ArrayList<>();
        private final List<Layer> transitions = new ArrayList<>();
        private final Layer last;
        private int width;

        Features(Config config, int channels) {
            width = 2 * config.growth();
            stem = add("conv0", conv(channels, width, 7, 2));
            norm = add("norm0", batchNorm(width));
            for (int i = 1; i <= BLOCKS; i++) {
                int depth = config.depths().get(i - 1);
                blocks.add(add("denseblock" + i, new Block(width, depth, config)));
                width += depth * config.growth();
                if (i < BLOCKS) {
                    transitions.add(add("transition" + i, new Transition(width, width / 2)));
                    width /= 2;
                }
            }
            last = add("norm5", batchNorm(width));
        }

        @Override
        public Tensor apply(Tensor x) {
            return maps(x).get(BLOCKS - 1);
        }

        List<Tensor> maps(Tensor x) {
            Tensor y = norm.forward(stem.forward(x))
                    .maxPool2d(3, 2, 1, false)
                    .relu(); // the same as relu before pooling, on fewer values
            var maps = new ArrayList<Tensor>();
            for (int i = 0; i < BLOCKS - 1; i++) {
                Tensor map = blocks.get(i).forward(y);
                maps.add(map);
                y = transitions.get(i).forward(map);
            }
            maps.add(last.forward(blocks.get(BLOCKS - 1).forward(y)).relu());
            return maps;
        }
    }

    /** Layers that each add channels to all there are. */
    private static final class Block extends Net implements Layer {

        private final List<Layer> layers = new ArrayList<>();

        Block(int in, int depth, Config config) {
            for (int i = 0; i < depth; i++) {
                layers.add(add("denselayer" + (i + 1), new Dense(in + i * config.growth(), config)));
            }
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor all = x;
            for (Layer layer : layers) {
                all = Tensor.cat(List.of(all, layer.forward(all)), 1);
            }
            return all;
        }
    }

    /** Norm, 1x1, norm, 3x3. */
    private static final class Dense extends Net implements Layer {

        private final Layer norm1;
        private final Layer conv1;
        private final Layer norm2;
        private final Layer conv2;
        private final Layer dropout;

        Dense(int in, Config config) {
            int mid = BOTTLENECK * config.growth();
            norm1 = add("norm1", batchNorm(in));
            conv1 = add("conv1", conv(in, mid, 1, 1));
            norm2 = add("norm2", batchNorm(mid));
            conv2 = add("conv2", conv(mid, config.growth(), 3, 1));
            dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor y = conv1.forward(norm1.forward(x).relu());
            return dropout.forward(conv2.forward(norm2.forward(y).relu()));
        }
    }

    /** Half the channels, half the size. */
    private static final class Transition extends Net implements Layer {

        private final Layer norm;
        private final Layer conv;

        Transition(int in, int out) {
            norm = add("norm", batchNorm(in));
            conv = add("conv", conv(in, out, 1, 1));
        }

        @Override
        public Tensor apply(Tensor x) {
            return conv.forward(norm.forward(x).relu()).avgPool2d(2, 2, 0);
        }
    }
}
