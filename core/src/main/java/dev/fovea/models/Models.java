package dev.fovea.models;

import dev.fovea.data.Preprocess;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The table of networks: it drives the command line, recipes and tests alike. */
public final class Models {

    /** Builds a network for pictures of a shape. */
    @FunctionalInterface
    interface Constructor {
        Layer create(int channels, int height, int width, int classes);
    }

    /**
     * A row of the table.
     *
     * @param parameters the published count at {@code classes}; of folder-cnn and the ResNet-9s, where none is
     *     published, the count of this implementation
     * @param channels of the pictures it was published for
     * @param height of the pictures, in pixels
     * @param width of the pictures, in pixels
     * @param gmacs billions of multiply-adds for one picture, published for resnet18, 34 and 50, else counted here
     * @param paper where it is described
     */
    public record Entry(
            String name,
            String task,
            long parameters,
            int classes,
            int channels,
            int height,
            int width,
            double gmacs,
            String paper,
            Constructor constructor) {

        /** The network for pictures of another shape or number of classes. */
        public Layer create(int channels, int height, int width, int classes) {
            return constructor.create(channels, height, width, classes);
        }
    }

    private static final String KERAS = "https://www.tensorflow.org/tutorials/images/cnn";
    private static final String LENET = "http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf";
    private static final String RESNET = "https://arxiv.org/abs/1512.03385";
    private static final String PAGE = "https://myrtle.ai/learn/how-to-train-your-resnet/";

    private static final List<Entry> ENTRIES = List.of(
            text(
                    "cifar-cnn",
                    122_570,
                    3,
                    32,
                    0.004_549,
                    KERAS,
                    "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 64 3, relu, flatten, dense 64, relu, "
                            + "dense classes"),
            text(
                    "mnist-cnn",
                    93_322,
                    1,
                    28,
                    0.002_794,
                    KERAS,
                    "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 64 3, relu, flatten, dense 64, relu, "
                            + "dense classes"),
            text(
                    "folder-cnn",
                    2_458_186,
                    3,
                    64,
                    0.031_804,
                    KERAS,
                    "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 128 3, relu, maxpool 2, flatten, "
                            + "dense 512, relu, dropout 0.5, dense classes"),
            text(
                    "lenet5",
                    61_706,
                    1,
                    28,
                    0.000_417,
                    LENET,
                    "conv 6 5 pad=2, tanh, avgpool 2, conv 16 5, tanh, avgpool 2, flatten, dense 120, tanh, dense 84, "
                            + "tanh, dense classes"),
            new Entry(
                    "resnet9",
                    "classification",
                    6_573_120,
                    10,
                    3,
                    32,
                    32,
                    0.379,
                    PAGE,
                    (c, h, w, k) -> new ResNet9(c, 64, k)),
            new Entry(
                    "resnet9-small",
                    "classification",
                    1_646_112,
                    10,
                    3,
                    32,
                    32,
                    0.095,
                    PAGE,
                    (c, h, w, k) -> new ResNet9(c, 32, k)),
            resNet("resnet18", 11_689_512, 1.814, ResNet.Unit.BASIC, 2, 2, 2, 2),
            resNet("resnet34", 21_797_672, 3.664, ResNet.Unit.BASIC, 3, 4, 6, 3),
            resNet("resnet50", 25_557_032, 4.089, ResNet.Unit.BOTTLENECK, 3, 4, 6, 3));

    private Models() {}

    /** All rows. */
    public static List<Entry> all() {
        return ENTRIES;
    }

    /** The row of that name, if there is one. */
    public static Optional<Entry> find(String name) {
        return ENTRIES.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /**
     * The row of that name.
     *
     * @throws IllegalArgumentException that names the nearest, if there is none
     */
    public static Entry get(String name) {
        return find(name).orElseThrow(() -> {
            var distance = LevenshteinDistance.getDefaultInstance();
            String nearest = ENTRIES.stream()
                    .map(Entry::name)
                    .min(Comparator.comparingInt(known -> distance.apply(known, name)))
                    .orElseThrow();
            return new IllegalArgumentException("unknown model '%s', did you mean '%s'? `models` lists all %d"
                    .formatted(name, nearest, ENTRIES.size()));
        });
    }

    /**
     * A network by name, or by its layers as text, for pictures of this shape.
     *
     * @throws IllegalArgumentException if the name is unknown, or the layers are not understood or do not fit
     */
    public static Layer create(String model, int channels, int height, int width, int classes) {
        return isText(model)
                ? LayerText.build(model, channels, height, width, classes)
                : get(model).create(channels, height, width, classes);
    }

    /** The same for what {@code preprocess} makes, below a whitening layer where that is asked for. */
    public static Layer create(String model, Preprocess preprocess, int classes) {
        Layer net = create(model, preprocess.channels(), preprocess.height(), preprocess.width(), classes);
        return preprocess.scaling() == Preprocess.Scaling.WHITEN
                ? Whitened.over(net, preprocess.channels() * preprocess.height() * preprocess.width())
                : net;
    }

    /** Whether {@code model} is layers as text and not a name. */
    public static boolean isText(String model) {
        return model.indexOf(',') >= 0 || model.indexOf(' ') >= 0;
    }

    private static Entry text(
            String name, long parameters, int channels, int size, double gmacs, String paper, String layers) {
        return new Entry(
                name,
                "classification",
                parameters,
                10,
                channels,
                size,
                size,
                gmacs,
                paper,
                (c, h, w, k) -> LayerText.build(layers, c, h, w, k));
    }

    private static Entry resNet(String name, long parameters, double gmacs, ResNet.Unit unit, Integer... depths) {
        return new Entry(
                name,
                "classification",
                parameters,
                1000,
                3,
                224,
                224,
                gmacs,
                RESNET,
                (c, h, w, k) -> new ResNet(new ResNet.Config(unit, List.of(depths), 64, c, k)));
    }
}
