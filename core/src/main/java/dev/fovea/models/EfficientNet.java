package dev.fovea.models;

import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * EfficientNet B0 to B7 (Tan and Le 2019, <a href="https://arxiv.org/abs/1905.11946">1905.11946</a>, table 1), one network
 * scaled in width, depth and image size, and EfficientNetV2 (Tan and Le 2021,
 * <a href="https://arxiv.org/abs/2104.00298">2104.00298</a>, table 4), whose first stages have one full convolution in the
 * place of a narrow and a depthwise one. Names as torchvision's; it takes images of every size.
 */
public final class EfficientNet extends TrunkClassifier {

    private static final double SHARED = 0.2;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("efficientnet_b0", 224, new Config(Table.B, 1, 1, 1e-5, 0.1, 0.2, SHARED)),
            row("efficientnet_b1", 240, new Config(Table.B, 1, 1.1, 1e-5, 0.1, 0.2, SHARED)),
            row("efficientnet_b2", 288, new Config(Table.B, 1.1, 1.2, 1e-5, 0.1, 0.3, SHARED)),
            row("efficientnet_b3", 300, new Config(Table.B, 1.2, 1.4, 1e-5, 0.1, 0.3, SHARED)),
            row("efficientnet_b4", 380, new Config(Table.B, 1.4, 1.8, 1e-5, 0.1, 0.4, SHARED)),
            row("efficientnet_b5", 456, new Config(Table.B, 1.6, 2.2, 1e-3, 0.01, 0.4, SHARED)),
            row("efficientnet_b6", 528, new Config(Table.B, 1.8, 2.6, 1e-3, 0.01, 0.5, SHARED)),
            row("efficientnet_b7", 600, new Config(Table.B, 2, 3.1, 1e-3, 0.01, 0.5, SHARED)),
            row("efficientnet_v2_s", 384, new Config(Table.V2_S, 1, 1, 1e-3, 0.1, 0.2, SHARED)),
            row("efficientnet_v2_m", 480, new Config(Table.V2_M, 1, 1, 1e-3, 0.1, 0.3, SHARED)),
            row("efficientnet_v2_l", 480, new Config(Table.V2_L, 1, 1, 1e-3, 0.1, 0.4, SHARED)));

    private static ModelEntry row(String name, int side, Config config) {
        return ModelEntry.row(name, config, config.table().paper)
                .at(3, side, side)
                .classes(1000);
    }

    /** A line of the tables: blocks of one width, the first of them with the stride. */
    private record Line(boolean fused, int expansion, int kernel, int stride, int channels, int blocks) {}

    private static Line fused(int expansion, int kernel, int stride, int channels, int blocks) {
        return new Line(true, expansion, kernel, stride, channels, blocks);
    }

    private static Line split(int expansion, int kernel, int stride, int channels, int blocks) {
        return new Line(false, expansion, kernel, stride, channels, blocks);
    }

    /** The stages: expansion, kernel, stride, channels, blocks. */
    public enum Table {
        /** Of B0, from which the others are scaled. */
        B(
                32,
                0,
                split(1, 3, 1, 16, 1),
                split(6, 3, 2, 24, 2),
                split(6, 5, 2, 40, 2),
                split(6, 3, 2, 80, 3),
                split(6, 5, 1, 112, 3),
                split(6, 5, 2, 192, 4),
                split(6, 3, 1, 320, 1)),
        V2_S(
                24,
                1280,
                fused(1, 3, 1, 24, 2),
                fused(4, 3, 2, 48, 4),
                fused(4, 3, 2, 64, 4),
                split(4, 3, 2, 128, 6),
                split(6, 3, 1, 160, 9),
                split(6, 3, 2, 256, 15)),
        V2_M(
                24,
                1280,
                fused(1, 3, 1, 24, 3),
                fused(4, 3, 2, 48, 5),
                fused(4, 3, 2, 80, 5),
                split(4, 3, 2, 160, 7),
                split(6, 3, 1, 176, 14),
                split(6, 3, 2, 304, 18),
                split(6, 3, 1, 512, 5)),
        V2_L(
                32,
                1280,
                fused(1, 3, 1, 32, 4),
                fused(4, 3, 2, 64, 7),
                fused(4, 3, 2, 96, 7),
                split(4, 3, 2, 192, 10),
                split(6, 3, 1, 224, 19),
                split(6, 3, 2, 384, 25),
                split(6, 3, 1, 640, 7));

        private final int stem;
        private final int last;
        private final String paper;
        private final List<Line> lines;

        /** @param last channels of the last maps; 0 for four times those of the last stage */
        Table(int stem, int last, Line... lines) {
            this.stem = stem;
            this.last = last;
            this.lines = List.of(lines);
            paper = last == 0 ? "https://arxiv.org/abs/1905.11946" : "https://arxiv.org/abs/2104.00298";
        }
    }

    /**
     * Its size.
     *
     * @param table of the stages
     * @param width factor of all channels
     * @param depth factor of the number of blocks
     * @param eps of the norms
     * @param momentum of the norms' running statistics
     * @param dropout before the last layer
     * @param dropPath share of images for which the last block is left out while training; of the blocks before it in
     *     proportion
     */
    public record Config(
            Table table, double width, double depth, double eps, double momentum, double dropout, double dropPath)
            implements NetConfig {

        private static final int WIDER = 4;

        public Config {
            Scaling.checkFactor("width", width);
            Scaling.checkFactor("depth", depth);
            Scaling.checkProbability("eps", eps);
            Scaling.checkProbability("momentum", momentum);
            Scaling.checkProbability("dropout", dropout);
            Scaling.checkProbability("dropPath", dropPath);
        }

        @Override
        public EfficientNet create(Shape images, int classes) {
            return new EfficientNet(this, images.channels(), classes);
        }

        private int channels(int published) {
            return Scaling.channels(published * width);
        }

        private int blocks(Line line) {
            return Scaling.depth(line.blocks(), depth);
        }

        private int last() {
            int stage = channels(table.lines.get(table.lines.size() - 1).channels());
            return table.last == 0 ? WIDER * stage : table.last;
        }

        private ConvNorm conv(int kernel) {
            return ConvNorm.of(kernel).norm(eps, momentum);
        }
    }

    /** @param channels of the images */
    public EfficientNet(Config config, int channels, int classes) {
        super(
                "features",
                trunk(config, channels),
                List.of(new Dropout(Dropout.Unit.ELEMENT, config.dropout()), linear(config.last(), classes)));
        initial(Initializer.uniform(1 / Math.sqrt(classes)));
    }

    private static Trunk trunk(Config config, int channels) {
        int in = config.channels(config.table().stem);
        var trunk = new Trunk()
                .then(config.conv(3).stride(2).activation(Tensor::silu).layer(channels, in), 2);
        int all = config.table().lines.stream().mapToInt(config::blocks).sum();
        int done = 0;
        for (Line line : config.table().lines) {
            int out = config.channels(line.channels());
            var blocks = new ArrayList<Layer>();
            for (int i = 0; i < config.blocks(line); i++) {
                int stride = i == 0 ? line.stride() : 1;
                var branch = line.fused() ? fused(config, line, in, out, stride) : split(config, line, in, out, stride);
                blocks.add(new SkipBlock("block", branch, stride == 1 && in == out, config.dropPath() * done++ / all));
                in = out;
            }
            trunk.then(new Sequential(blocks), line.stride());
        }
        return trunk.then(config.conv(1).activation(Tensor::silu).layer(in, config.last()), 1);
    }

    /** Wider, depthwise, channel attention, narrower. */
    private static List<Layer> split(Config config, Line line, int in, int out, int stride) {
        int mid = Scaling.channels(in * line.expansion());
        var layers = new ArrayList<Layer>();
        if (mid != in) {
            layers.add(config.conv(1).activation(Tensor::silu).layer(in, mid));
        }
        layers.add(config.conv(line.kernel())
                .stride(stride)
                .groups(mid)
                .activation(Tensor::silu)
                .layer(mid, mid));
        layers.add(new SqueezeExcitation(mid, Math.max(1, in / 4), Tensor::silu, Tensor::sigmoid));
        layers.add(config.conv(1).layer(mid, out));
        return layers;
    }

    /** Wider by a full convolution, narrower; or that convolution alone. */
    private static List<Layer> fused(Config config, Line line, int in, int out, int stride) {
        int mid = Scaling.channels(in * line.expansion());
        ConvNorm full = config.conv(line.kernel()).stride(stride).activation(Tensor::silu);
        return mid == in
                ? List.of(full.layer(in, out))
                : List.of(full.layer(in, mid), config.conv(1).layer(mid, out));
    }
}
