package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * MobileNetV3 (Howard et al. 2019, <a href="https://arxiv.org/abs/1905.02244">1905.02244</a>, tables 1 and 2): inverted
 * residuals found by search, with channel attention and hard swish. Names as torchvision's; it takes images of every size.
 */
public final class MobileNetV3 extends TrunkClassifier {

    private static final int STEM = 16;
    private static final double EPS = 1e-3;
    static final double MOMENTUM = 0.01;
    private static final double DEVIATION = 0.01;

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(row("mobilenet_v3_large", Table.LARGE), row("mobilenet_v3_small", Table.SMALL));

    private static ModelEntry row(String name, Table table) {
        return ModelEntry.row(name, new Config(table, 1, 0.2), "https://arxiv.org/abs/1905.02244")
                .at(3, 224, 224)
                .classes(1000);
    }

    /**
     * A line of the tables.
     *
     * @param kernel of the depthwise convolution
     * @param mid channels within
     * @param out channels after it
     * @param attends whether it has channel attention
     */
    private record Line(int kernel, int mid, int out, boolean attends, Function function, int stride) {

        /** As the tables print it: {@code 5 72 40 SE RE 2}. */
        static Line of(String text) {
            String[] words = text.split(" ");
            return new Line(
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    words[3].equals("SE"),
                    Function.valueOf(words[4]),
                    Integer.parseInt(words[5]));
        }
    }

    private enum Function {
        RE(Tensor::relu),
        HS(Tensor::hardSwish);

        private final UnaryOperator<Tensor> of;

        Function(UnaryOperator<Tensor> of) {
            this.of = of;
        }
    }

    /** The two tables: kernel, channels within, channels after, channel attention, function, stride. */
    public enum Table {
        LARGE(
                1280,
                "3 16 16 - RE 1",
                "3 64 24 - RE 2",
                "3 72 24 - RE 1",
                "5 72 40 SE RE 2",
                "5 120 40 SE RE 1",
                "5 120 40 SE RE 1",
                "3 240 80 - HS 2",
                "3 200 80 - HS 1",
                "3 184 80 - HS 1",
                "3 184 80 - HS 1",
                "3 480 112 SE HS 1",
                "3 672 112 SE HS 1",
                "5 672 160 SE HS 2",
                "5 960 160 SE HS 1",
                "5 960 160 SE HS 1"),
        /** With half the channels from the last stage on, as detectors have it (table 6). */
        REDUCED(
                640,
                "3 16 16 - RE 1",
                "3 64 24 - RE 2",
                "3 72 24 - RE 1",
                "5 72 40 SE RE 2",
                "5 120 40 SE RE 1",
                "5 120 40 SE RE 1",
                "3 240 80 - HS 2",
                "3 200 80 - HS 1",
                "3 184 80 - HS 1",
                "3 184 80 - HS 1",
                "3 480 112 SE HS 1",
                "3 672 112 SE HS 1",
                "5 672 80 SE HS 2",
                "5 480 80 SE HS 1",
                "5 480 80 SE HS 1"),
        SMALL(
                1024,
                "3 16 16 SE RE 2",
                "3 72 24 - RE 2",
                "3 88 24 - RE 1",
                "5 96 40 SE HS 2",
                "5 240 40 SE HS 1",
                "5 240 40 SE HS 1",
                "5 120 48 SE HS 1",
                "5 144 48 SE HS 1",
                "5 288 96 SE HS 2",
                "5 576 96 SE HS 1",
                "5 576 96 SE HS 1");

        private final int hidden;
        private final List<Line> lines;

        Table(int hidden, String... lines) {
            this.hidden = hidden;
            this.lines = List.of(lines).stream().map(Line::of).toList();
        }
    }

    /**
     * Its size.
     *
     * @param table of the two
     * @param width factor of all channels
     * @param dropout before the last layer
     */
    public record Config(Table table, double width, double dropout) implements NetConfig {

        private static final int WIDER = 6;

        public Config {
            Scaling.checkFactor("width", width);
            Scaling.checkProbability("dropout", dropout);
        }

        @Override
        public MobileNetV3 create(Shape images, int classes) {
            return new MobileNetV3(this, images.channels(), classes);
        }

        private int channels(int published) {
            return Scaling.channels(published * width);
        }

        /** Channels behind the layer at that place of the trunk, which is neither the first nor the last. */
        int channelsAt(int place) {
            return channels(table.lines.get(place - 1).out());
        }

        /** Channels of the last stage. */
        int lastStage() {
            return channels(table.lines.get(table.lines.size() - 1).out());
        }

        /** Channels within the block that begins the last stage. */
        int lastStageMiddle() {
            List<Integer> strided = strided(table);
            return channels(table.lines.get(strided.get(strided.size() - 1) - 1).mid());
        }

        /** Channels of the last maps. */
        int last() {
            return WIDER * lastStage();
        }
    }

    /** @param channels of the images */
    public MobileNetV3(Config config, int channels, int classes) {
        super("features", trunk(config, channels, MOMENTUM, false), classifier(config, classes));
        initial(Initializer.normal(DEVIATION));
    }

    private static List<Layer> classifier(Config config, int classes) {
        int hidden = config.channels(config.table().hidden);
        return List.of(
                linear(config.last(), hidden),
                Leaf.of("hardswish", Tensor::hardSwish),
                new Dropout(Dropout.Unit.ELEMENT, config.dropout()),
                linear(hidden, classes));
    }

    private static ConvNorm conv(int kernel, double momentum) {
        return ConvNorm.of(kernel).norm(EPS, momentum);
    }

    /**
     * All but the head.
     *
     * @param momentum of the norms' running statistics
     * @param dilated whether the last stage has dilated convolutions instead of a stride, so that its maps are of stride 16
     */
    static Trunk trunk(Config config, int channels, double momentum, boolean dilated) {
        List<Integer> strided = strided(config.table());
        int last = strided.get(strided.size() - 1);
        int in = config.channels(STEM);
        var trunk = new Trunk()
                .then(conv(3, momentum).stride(2).activation(Tensor::hardSwish).layer(channels, in), 2);
        for (Line line : config.table().lines) {
            int out = config.channels(line.out());
            int dilation = dilated && trunk.layers().size() >= last ? 2 : 1;
            int stride = dilation > 1 ? 1 : line.stride();
            List<Layer> layers = layers(line, in, config.channels(line.mid()), out, momentum, dilation);
            trunk.then(new SkipBlock("block", layers, line.stride() == 1 && in == out, 0), stride);
            in = out;
        }
        return trunk.then(conv(1, momentum).activation(Tensor::hardSwish).layer(in, config.last()), 1);
    }

    /**
     * The places among the trunk's layers at which maps become smaller: the first of each stage.
     *
     * @param table whose trunk it is
     */
    static List<Integer> strided(Table table) {
        return IntStream.range(0, table.lines.size())
                .filter(i -> table.lines.get(i).stride() > 1)
                .mapToObj(i -> i + 1)
                .toList();
    }

    /** The layers of the block that begins the last stage, without the sum around them. */
    static List<Layer> lastStage(Config config, double momentum) {
        int first = strided(config.table()).get(strided(config.table()).size() - 1) - 1;
        Line line = config.table().lines.get(first);
        int in = config.channels(config.table().lines.get(first - 1).out());
        return layers(line, in, config.channels(line.mid()), config.channels(line.out()), momentum, 1);
    }

    /** @param dilation above 1 takes the place of the stride */
    private static List<Layer> layers(Line line, int in, int mid, int out, double momentum, int dilation) {
        var layers = new ArrayList<Layer>();
        if (mid != in) {
            layers.add(conv(1, momentum).activation(line.function().of).layer(in, mid));
        }
        layers.add(conv(line.kernel(), momentum)
                .stride(dilation > 1 ? 1 : line.stride())
                .dilation(dilation)
                .groups(mid)
                .activation(line.function().of)
                .layer(mid, mid));
        if (line.attends()) {
            layers.add(new SqueezeExcitation(
                    mid, Scaling.channels(Math.floorDiv(mid, 4)), Tensor::relu, Tensor::hardSigmoid));
        }
        layers.add(conv(1, momentum).layer(mid, out));
        return layers;
    }
}
