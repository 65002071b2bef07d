package dev.fovea.models;

import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.nn.Shape;
import java.util.List;

/** The small networks that textbooks and tutorials begin with: their layers as text say all about them. */
final class TextbookCnn {

    private static final String KERAS = "https://www.tensorflow.org/tutorials/images/cnn";
    private static final String LENET = "http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf";
    private static final String THREE_CONVOLUTIONS =
            "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 64 3, relu, flatten, dense 64, relu, dense classes";

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            ModelEntry.row("cifar-cnn", new Config(THREE_CONVOLUTIONS), KERAS).at(3, 32, 32),
            ModelEntry.row("mnist-cnn", new Config(THREE_CONVOLUTIONS), KERAS),
            ModelEntry.row(
                            "folder-cnn",
                            new Config(
                                    "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 128 3, relu, maxpool 2, flatten, "
                                            + "dense 512, relu, dropout 0.5, dense classes"),
                            KERAS)
                    .at(3, 64, 64),
            ModelEntry.row(
                    "lenet5",
                    new Config(
                            "conv 6 5 pad=2, tanh, avgpool 2, conv 16 5, tanh, avgpool 2, flatten, dense 120, tanh, dense 84, "
                                    + "tanh, dense classes"),
                    LENET));

    private TextbookCnn() {}

    /** @param layers as text, see {@link LayerText} */
    record Config(String layers) implements NetConfig {

        @Override
        public Module create(Shape images, int classes) {
            return LayerText.build(layers, images.channels(), images.height(), images.width(), classes);
        }
    }
}
