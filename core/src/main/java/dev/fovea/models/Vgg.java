package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Shape;
import java.util.List;

/**
 * Convolutions of 3x3 alone, five blocks of them, each followed by a pooling that halves the maps (Simonyan and Zisserman
 * 2014, <a href="https://arxiv.org/abs/1409.1556">1409.1556</a>, table 1), without and with batch norm. Names and counts are
 * torchvision's.
 */
public final class Vgg extends TrunkClassifier {

    private static final int BLOCKS = 5;
    private static final int SIDE = 7;
    private static final String PAPER = "https://arxiv.org/abs/1409.1556";

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("vgg11", false, 1, 1, 2, 2, 2),
            row("vgg11_bn", true, 1, 1, 2, 2, 2),
            row("vgg13", false, 2, 2, 2, 2, 2),
            row("vgg13_bn", true, 2, 2, 2, 2, 2),
            row("vgg16", false, 2, 2, 3, 3, 3),
            row("vgg16_bn", true, 2, 2, 3, 3, 3),
            row("vgg19", false, 2, 2, 4, 4, 4),
            row("vgg19_bn", true, 2, 2, 4, 4, 4));

    private static ModelEntry row(String name, boolean norm, Integer... depths) {
        return ModelEntry.row(name, new Config(List.of(depths), 64, norm, 4096, 0.5), PAPER)
                .at(3, 224, 224)
                .classes(1000);
    }

    /**
     * Five blocks.
     *
     * @param depths convolutions of each block
     * @param width channels of the first block, doubled by each of the next up to eight times as many
     * @param batchNorm whether a norm follows each convolution
     * @param hidden values of the two dense layers before the last
     * @param dropout probability behind each of them
     */
    record Config(List<Integer> depths, int width, boolean batchNorm, int hidden, double dropout) implements NetConfig {

        private static final int DEEPEST = 100;

        Config {
            depths = List.copyOf(depths);
            if (depths.size() != BLOCKS) {
                throw new IllegalArgumentException("vgg: depths must be five numbers, got depths=" + depths);
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, DEEPEST));
            NetConfig.positive("width", width);
            NetConfig.positive("hidden", hidden);
            NetConfig.probability("dropout", dropout);
        }

        @Override
        public Vgg create(Shape images, int classes) {
            if (Math.min(images.height(), images.width()) < 1 << BLOCKS) {
                throw new IllegalArgumentException("vgg: images must be at least 32x32, got %sx%s. Set input.size"
                        .formatted(images.width(), images.height()));
            }
            return new Vgg(this, images.channels(), classes);
        }

        private int channels(int block) {
            return width << Math.min(block, 3);
        }
    }

    Vgg(Config config, int channels, int classes) {
        super("features", trunk(config, channels), SIDE, classifier(config, classes));
        initial(Initializer.normal(0.01));
    }

    private static Trunk trunk(Config config, int channels) {
        var trunk = new Trunk();
        int in = channels;
        for (int block = 0; block < BLOCKS; block++) {
            int out = config.channels(block);
            for (int i = 0; i < config.depths().get(block); i++) {
                trunk.then(new Conv2d(in, out, Conv2d.Window.of(3, 1, 1), 1, true), 1);
                if (config.batchNorm()) {
                    trunk.then(new BatchNorm(out), 1);
                }
                trunk.then(Leaf.of("relu", Tensor::relu), 1);
                in = out;
            }
            trunk.then(Leaf.of("maxpool", x -> x.maxPool2d(2, 2, 0, false)), 2);
        }
        return trunk; // to (N, 8 width, H/32, W/32)
    }

    private static List<Layer> classifier(Config config, int classes) {
        return List.of(
                new Dense(SIDE * SIDE * config.channels(BLOCKS - 1), config.hidden(), true),
                Leaf.of("relu", Tensor::relu),
                new Dropout(Dropout.Unit.ELEMENT, config.dropout()),
                new Dense(config.hidden(), config.hidden(), true),
                Leaf.of("relu", Tensor::relu),
                new Dropout(Dropout.Unit.ELEMENT, config.dropout()),
                new Dense(config.hidden(), classes, true));
    }
}
