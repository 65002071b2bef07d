package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Shape;
import java.util.List;

/**
 * AlexNet as its author gave it for one device (Krizhevsky 2014, <a href="https://arxiv.org/abs/1404.5997">1404.5997</a>),
 * after the network that won the ImageNet challenge of 2012. Names and counts are torchvision's.
 */
public final class AlexNet extends TrunkClassifier {

    private static final int SIDE = 6;
    private static final int SMALLEST = 63;

    /** The registered one. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("alexnet", new Config(64, 4096, 0.5), "https://arxiv.org/abs/1404.5997")
                    .at(3, 224, 224)
                    .classes(1000));

    /**
     * Five convolutions, three dense layers.
     *
     * @param width channels of the first convolution; the others have 3, 6, 4 and 4 times as many
     * @param hidden values of the two dense layers before the last
     * @param dropout probability before each of them
     */
    record Config(int width, int hidden, double dropout) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
            NetConfig.positive("hidden", hidden);
            NetConfig.probability("dropout", dropout);
        }

        @Override
        public AlexNet create(Shape images, int classes) {
            if (Math.min(images.height(), images.width()) < SMALLEST) {
                throw new IllegalArgumentException("alexnet: images must be at least %sx%s, got %sx%s. Set input.size"
                        .formatted(SMALLEST, SMALLEST, images.width(), images.height()));
            }
            return new AlexNet(this, images.channels(), classes);
        }
    }

    AlexNet(Config config, int channels, int classes) {
        super("features", trunk(config.width(), channels), SIDE, classifier(config, classes));
    }

    private static Trunk trunk(int width, int channels) {
        var trunk = new Trunk();
        conv(trunk, channels, width, Conv2d.Window.of(11, 4, 2));
        pool(trunk);
        conv(trunk, width, 3 * width, Conv2d.Window.of(5, 1, 2));
        pool(trunk);
        conv(trunk, 3 * width, 6 * width, Conv2d.Window.of(3, 1, 1));
        conv(trunk, 6 * width, 4 * width, Conv2d.Window.of(3, 1, 1));
        conv(trunk, 4 * width, 4 * width, Conv2d.Window.of(3, 1, 1));
        pool(trunk);
        return trunk; // to (N, 4 width, H/32, W/32)
    }

    private static void conv(Trunk trunk, int in, int out, Conv2d.Window window) {
        trunk.then(new Conv2d(in, out, window, 1, true), window.stride());
        trunk.then(Leaf.of("relu", Tensor::relu), 1);
    }

    private static void pool(Trunk trunk) {
        trunk.then(Leaf.of("maxpool", x -> x.maxPool2d(3, 2, 0, false)), 2);
    }

    private static List<Layer> classifier(Config config, int classes) {
        return List.of(
                new Dropout(Dropout.Unit.ELEMENT, config.dropout()),
                new Dense(SIDE * SIDE * 4 * config.width(), config.hidden(), true),
                Leaf.of("relu", Tensor::relu),
                new Dropout(Dropout.Unit.ELEMENT, config.dropout()),
                new Dense(config.hidden(), config.hidden(), true),
                Leaf.of("relu", Tensor::relu),
                new Dense(config.hidden(), classes, true));
    }
}
