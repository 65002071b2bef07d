package dev.fovea.models;

import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.linear;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * MNASNet-B1 (Tan et al. 2018, <a href="https://arxiv.org/abs/1807.11626">1807.11626</a>): inverted residuals found by a
 * search that times each candidate on a phone. Names as torchvision's; it takes images of every size.
 */
public final class MnasNet extends TrunkClassifier {

    private static final int LAST = 1280;
    private static final int STEM = 32;
    private static final int FIRST = 16;
    /** TensorFlow's 0.9997, seen from the other side. */
    private static final double MOMENTUM = 1 - 0.9997;

    private static final double EPS = 1e-5;

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(row("mnasnet0_5", 0.5), row("mnasnet0_75", 0.75), row("mnasnet1_0", 1), row("mnasnet1_3", 1.3));

    private static ModelEntry row(String name, double width) {
        return ModelEntry.row(name, new Config(width, 1, 0.2), "https://arxiv.org/abs/1807.11626")
                .at(3, 224, 224)
                .classes(1000);
    }

    /** Blocks of one width, the first of them with the stride. */
    private record Line(int kernel, int expansion, int channels, int blocks, int stride) {}

    private static final List<Line> TABLE = List.of(
            new Line(3, 3, 24, 3, 2),
            new Line(5, 3, 40, 3, 2),
            new Line(5, 6, 80, 3, 2),
            new Line(3, 6, 96, 2, 1),
            new Line(5, 6, 192, 4, 2),
            new Line(3, 6, 320, 1, 1));

    /**
     * Its size.
     *
     * @param width factor of all channels but the last
     * @param depth factor of the number of blocks
     * @param dropout before the last layer
     */
    public record Config(double width, double depth, double dropout) implements NetConfig {

        public Config {
            Scaling.checkFactor("width", width);
            Scaling.checkFactor("depth", depth);
            Scaling.checkProbability("dropout", dropout);
        }

        @Override
        public MnasNet create(Shape images, int classes) {
            return new MnasNet(this, images.channels(), classes);
        }
    }

    /** @param channels of the images */
    public MnasNet(Config config, int channels, int classes) {
        super(
                "layers",
                trunk(config, channels),
                List.of(new Dropout(Dropout.Unit.ELEMENT, config.dropout()), linear(LAST, classes)));
        initial(Initializer.uniform(Math.sqrt(3.0 / classes)));
    }

    private static Trunk trunk(Config config, int channels) {
        int stem = Scaling.channels(STEM * config.width());
        int in = Scaling.channels(FIRST * config.width());
        var trunk = new Trunk()
                .then(conv(channels, stem, 3, 2), 2)
                .then(norm(stem), 1)
                .then(relu(), 1)
                .then(depthwise(stem, 3, 1), 1)
                .then(norm(stem), 1)
                .then(relu(), 1)
                .then(conv(stem, in, 1, 1), 1)
                .then(norm(in), 1);
        for (Line line : TABLE) {
            int out = Scaling.channels(line.channels() * config.width());
            var blocks = new ArrayList<Layer>();
            for (int i = 0; i < Scaling.depth(line.blocks(), config.depth()); i++) {
                blocks.add(block(line, in, out, i == 0 ? line.stride() : 1));
                in = out;
            }
            trunk.then(new Sequential(blocks), line.stride());
        }
        return trunk.then(conv(in, LAST, 1, 1), 1).then(norm(LAST), 1).then(relu(), 1);
    }

    private static Layer block(Line line, int in, int out, int stride) {
        int mid = in * line.expansion();
        var layers = List.of(
                conv(in, mid, 1, 1),
                norm(mid),
                relu(),
                depthwise(mid, line.kernel(), stride),
                norm(mid),
                relu(),
                conv(mid, out, 1, 1),
                norm(out));
        return new SkipBlock("layers", layers, stride == 1 && in == out, 0);
    }

    private static Layer depthwise(int channels, int kernel, int stride) {
        return new Conv2d(channels, channels, Conv2d.Window.of(kernel, stride, kernel / 2), channels, false);
    }

    private static Layer norm(int channels) {
        return new BatchNorm(channels, EPS, MOMENTUM);
    }

    private static Layer relu() {
        return Leaf.of("relu", Tensor::relu);
    }
}
