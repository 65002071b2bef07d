package dev.fovea.models;

import dev.fovea.data.Targets;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.nn.State;
import dev.fovea.nn.detect.DefaultBoxes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * SSD for images of 300x300 on VGG-16 (Liu et al. 2015, <a href="https://arxiv.org/abs/1512.02325">1512.02325</a>): six maps of a
 * classifier and of layers behind it, each with a convolution of its own for classes and for boxes.
 *
 * <p>Names, numbers and answers are torchvision's. Of K classes there are K + 1 outputs, the first the background.
 */
public final class Ssd extends Net implements SingleStageNet {

    private static final int BLOCKS = 5;

    /** So that the coarsest map has a place. */
    private static final int LEAST = 272;

    private static final double SCALE = 20;
    private static final DefaultBoxes BOXES = new DefaultBoxes(
            List.of(List.of(2), List.of(2, 3), List.of(2, 3), List.of(2, 3), List.of(2), List.of(2)),
            List.of(0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05),
            List.of(8, 16, 32, 64, 100, 300));

    /** The registered one. */
    static final List<ModelEntry> MODELS = List.of(
            ModelEntry.row("ssd300_vgg16", new Config(List.of(2, 2, 3, 3, 3), 64), "https://arxiv.org/abs/1512.02325")
                    .at(3, 300, 300)
                    .classes(90));

    /**
     * Its size.
     *
     * @param depths convolutions of each of VGG's blocks
     * @param width channels of the first block
     */
    record Config(List<Integer> depths, int width) implements NetConfig {

        Config {
            depths = List.copyOf(depths);
            if (depths.size() != BLOCKS) {
                throw new IllegalArgumentException("ssd: depths must be five numbers, got depths=" + depths);
            }
            depths.forEach(depth -> NetConfig.range("depths", depth, 1, 100));
            NetConfig.range("width", width, 1, 1 << 10);
        }

        @Override
        public Ssd create(Shape images, int classes) {
            if (Math.min(images.height(), images.width()) < LEAST) {
                throw new IllegalArgumentException("ssd: images must be at least %sx%s, got %sx%s. Set input.size"
                        .formatted(LEAST, LEAST, images.width(), images.height()));
            }
            return new Ssd(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return DetectionNet.class;
        }
    }

    private final BoxScoring scoring;
    private final Backbone backbone;
    private final List<Layer> classes = new ArrayList<>();
    private final List<Layer> boxes = new ArrayList<>();

    /** @param channels of the images */
    Ssd(Config config, int channels, int classes) {
        int columns = classes + 1;
        scoring = new BoxScoring(BOXES, columns, 400);
        backbone = add("backbone", new Backbone(config, channels));
        List<Integer> widths = List.of(8, 16, 8, 4, 4, 4);
        for (int level = 0; level < widths.size(); level++) {
            int in = widths.get(level) * config.width();
            this.classes.add(HeadParts.conv(in, BOXES.at(level) * columns, 3));
            boxes.add(HeadParts.conv(in, BOXES.at(level) * 4, 3));
        }
        var head = BoxScoring.named(this.classes, boxes);
        initial(head.state());
        add("head", head);
    }

    private static void initial(State state) {
        Init.GLOROT_UNIFORM.ofConvolutions(state);
        state.initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    @Override
    public Limits limits() {
        return new Limits(0.01, 0.45, 200);
    }

    @Override
    public List<String> classLayers() {
        return List.of("head.classification_head.");
    }

    @Override
    public int multiple() {
        return 1;
    }

    BoxScoring.Raw raw(Tensor images) {
        return scoring.raw(backbone.maps(images), classes, boxes, images);
    }

    @Override
    public Map<String, Tensor> losses(Tensor images, Targets.Objects truth) {
        return scoring.losses(raw(images), truth);
    }

    @Override
    public Boxes boxes(Tensor images) {
        return scoring.all(raw(images));
    }

    @Override
    public List<Found> detect(Tensor images, Limits limits) {
        return scoring.detect(raw(images), images, limits);
    }

    @Override
    public Tensor trace(Tensor images) {
        return scoring.trace(backbone.maps(images), classes, boxes);
    }

    /** VGG up to its fourth block, {@code features}, and all that follows, {@code extra}, a map each. */
    private static final class Backbone extends Net {

        private final Layer features;
        private final List<Layer> extra = new ArrayList<>();

        Backbone(Config config, int channels) {
            int w = config.width();
            state().parameter("scale_weight", Initializer.constant(SCALE), 8L * w);
            var first = new ArrayList<Layer>();
            int in = channels;
            for (int block = 0; block < BLOCKS - 1; block++) {
                if (block > 0) {
                    boolean ceil = block == 3; // so that the map has 38 rows, as in the paper
                    first.add(Leaf.of("maxpool", x -> x.maxPool2d(2, 2, 0, ceil)));
                }
                in = convolutions(first, config.depths().get(block), in, w << block);
            }
            features = add("features", new Sequential(first)); // (N, 8 w, H/8, W/8)
            Init.HE_NORMAL_FAN_OUT.ofConvolutions(features.state());
            var second = new ArrayList<Layer>(List.of(Leaf.of("maxpool", x -> x.maxPool2d(2, 2, 0, false))));
            convolutions(second, config.depths().get(BLOCKS - 1), in, in);
            second.add(new Sequential(List.of(
                    Leaf.of("maxpool", x -> x.maxPool2d(3, 1, 1, false)),
                    new Conv2d(8 * w, 16 * w, new Conv2d.Window(3, 1, 6, 6), 1, true),
                    HeadParts.relu(),
                    HeadParts.conv(16 * w, 16 * w, 1),
                    HeadParts.relu())));
            extra.add(new Sequential(second)); // (N, 16 w, H/16, W/16)
            extra.add(coarser(16 * w, 4 * w, 8 * w, Conv2d.Window.of(3, 2, 1)));
            extra.add(coarser(8 * w, 2 * w, 4 * w, Conv2d.Window.of(3, 2, 1)));
            extra.add(coarser(4 * w, 2 * w, 4 * w, Conv2d.Window.of(3, 1, 0)));
            extra.add(coarser(4 * w, 2 * w, 4 * w, Conv2d.Window.of(3, 1, 0)));
            var all = new Sequential(extra);
            initial(all.state());
            add("extra", all);
        }

        private static int convolutions(List<Layer> layers, int count, int in, int out) {
            for (int i = 0; i < count; i++) {
                layers.add(HeadParts.conv(i == 0 ? in : out, out, 3));
                layers.add(HeadParts.relu());
            }
            return out;
        }

        private static Layer coarser(int in, int mid, int out, Conv2d.Window window) {
            return new Sequential(List.of(
                    HeadParts.conv(in, mid, 1),
                    HeadParts.relu(),
                    new Conv2d(mid, out, window, 1, true),
                    HeadParts.relu()));
        }

        /** The first brought to one length at each place, as its values are larger than the others'. */
        List<Tensor> maps(Tensor images) {
            Tensor x = features.forward(images);
            Tensor length = x.mul(x)
                    .sum(1)
                    .sqrt()
                    .clamp(1e-12, Double.POSITIVE_INFINITY)
                    .unsqueeze(1);
            var maps = new ArrayList<Tensor>();
            maps.add(x.div(length).mul(state().get("scale_weight").reshape(1, -1, 1, 1)));
            for (Layer block : extra) {
                x = block.forward(x);
                maps.add(x);
            }
            return maps;
        }
    }
}
