package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Init;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A small network for processors, of dense 3x3 convolutions alone: a residual encoder to stride 32, the means of the image at several
 * sizes beside its last maps (pyramid pooling, Zhao et al. 2016, <a href="https://arxiv.org/abs/1612.01105">1612.01105</a>), and a
 * decoder that adds coarse maps to finer ones (Lin et al. 2016, <a href="https://arxiv.org/abs/1612.03144">1612.03144</a>) up to
 * stride 4. While it trains, a second head learns from the encoder's maps of stride 8, where small things and edges are seen.
 */
public final class FoveaSeg extends Net implements SegmentationNet {

    private static final int STAGES = 4;
    private static final double DROPPED = 0.1;

    /** The stage at stride 16 has twice as many units: there one sees far for little. */
    private static final int DEEP = 2;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("fovea-seg", new Config(32, 1, false)),
            row("fovea-seg-s", new Config(48, 1, false)),
            row("fovea-seg-m", new Config(64, 2, false)));

    private static ModelEntry row(String name, Config config) {
        return ModelEntry.row(name, config, "https://arxiv.org/abs/1612.01105")
                .at(3, 360, 480)
                .classes(19);
    }

    /**
     * Its size.
     *
     * @param width channels of the first stage, at stride 4; the next have two, four and eight times as many
     * @param depth units of each stage, at stride 16 twice as many
     * @param auxiliary whether a second head helps in training
     */
    record Config(int width, int depth, boolean auxiliary) implements NetConfig {

        Config {
            NetConfig.range("width", width, 8, 512);
            NetConfig.range("depth", depth, 1, 20);
        }

        @Override
        public FoveaSeg create(Shape images, int classes) {
            return new FoveaSeg(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return SegmentationNet.class;
        }
    }

    private final Layer stem;
    private final List<Layer> stages = new ArrayList<>();
    private final PooledMeans context;
    private final List<Layer> narrowed = new ArrayList<>();
    private final List<Layer> refined = new ArrayList<>();
    private final Layer head;
    private final Optional<Layer> auxiliary;

    /** @param channels of the images */
    FoveaSeg(Config config, int channels, int classes) {
        int width = config.width();
        stem = add("stem", conv(3).stride(2).layer(channels, width / 2));
        int in = width / 2;
        for (int i = 0; i < STAGES; i++) {
            int out = width << i;
            var layers = new ArrayList<Layer>();
            layers.add(conv(3).stride(2).layer(in, out));
            for (int unit = 0; unit < (i == DEEP ? 2 : 1) * config.depth(); unit++) {
                layers.add(new Unit(out));
            }
            stages.add(add("stage" + i, new Sequential(layers)));
            in = out;
        }
        context = add("context", new PooledMeans(in, 2 * width));
        for (int i = STAGES - 2; i >= 0; i--) {
            int out = i > 1 ? 2 * width : width;
            narrowed.add(add("narrowed" + i, conv(1).layer(width << i, i > 0 ? 2 * width : width)));
            refined.add(add("refined" + i, conv(3).layer(i > 0 ? 2 * width : width, out)));
        }
        head = add(
                "head",
                new Sequential(
                        List.of(new Dropout(Dropout.Unit.CHANNEL, DROPPED), DilatedSegmenter.places(width, classes))));
        auxiliary = config.auxiliary()
                ? Optional.of(add(
                        "auxiliary",
                        new Sequential(
                                List.of(conv(3).layer(2 * width, width), DilatedSegmenter.places(width, classes)))))
                : Optional.empty();
        Init.HE_NORMAL_FAN_OUT.ofConvolutions(state());
    }

    private static ConvNorm conv(int kernel) {
        return ConvNorm.of(kernel).activation(Tensor::relu);
    }

    @Override
    public Outputs outputs(Tensor images) {
        List<Tensor> maps = Trunk.outputs(stages, stem.forward(images)); // at strides 4, 8, 16 and 32
        Tensor y = context.forward(maps.get(STAGES - 1));
        for (int i = 0; i < STAGES - 1; i++) {
            Tensor own = narrowed.get(i).forward(maps.get(STAGES - 2 - i));
            y = refined.get(i).forward(own.add(MapSize.bilinear(y, own)));
        }
        Optional<Tensor> other = auxiliary
                .filter(layer -> state().training())
                .map(layer -> MapSize.bilinear(layer.forward(maps.get(1)), images));
        return new Outputs(MapSize.bilinear(head.forward(y), images), other, Optional.empty());
    }

    @Override
    public double auxiliaryWeight() {
        return 0.4;
    }

    @Override
    public List<String> classLayers() {
        return List.of("head.1.", "auxiliary.1.");
    }

    /** Two convolutions and a skip. */
    private static final class Unit extends Net implements Layer {

        private final Layer first;
        private final Layer second;

        Unit(int channels) {
            first = add("first", conv(3).layer(channels, channels));
            second = add("second", ConvNorm.of(3).layer(channels, channels));
        }

        @Override
        public Tensor apply(Tensor x) {
            return second.forward(first.forward(x)).add(x).relu();
        }
    }

    /** Means over the whole image, over quarters of it and so on, beside each place, [N, in, H, W] to [N, out, H, W]. */
    private static final class PooledMeans extends Net implements Layer {

        private static final int[] SIDES = {1, 2, 4};

        private final List<Layer> means = new ArrayList<>();
        private final Layer joined;

        PooledMeans(int in, int out) {
            int each = out / 2;
            for (int side : SIDES) {
                means.add(add(
                        "mean" + side,
                        new Sequential(List.of(
                                Leaf.of("adaptiveavgpool", x -> x.adaptiveAvgPool2d(side, side)),
                                DilatedSegmenter.places(in, each),
                                Leaf.of("relu", Tensor::relu)))));
            }
            joined = add("joined", conv(1).layer(in + SIDES.length * each, out));
        }

        @Override
        public Tensor apply(Tensor x) {
            var parts = new ArrayList<Tensor>(List.of(x));
            means.forEach(mean -> parts.add(MapSize.bilinear(mean.forward(x), x)));
            return joined.forward(Tensor.cat(parts, 1));
        }
    }
}
