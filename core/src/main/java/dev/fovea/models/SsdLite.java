package dev.fovea.models;

import dev.fovea.data.Targets;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.nn.State;
import dev.fovea.nn.detect.DefaultBoxes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * SSDLite for images of 320x320 on MobileNetV3 with a narrower end (Sandler et al. 2018, <a
 * href="https://arxiv.org/abs/1801.04381">1801.04381</a>, section 6.2; Howard et al. 2019, <a
 * href="https://arxiv.org/abs/1905.02244">1905.02244</a>, section 6.3): {@link Ssd} with depthwise convolutions.
 *
 * <p>Names, numbers and answers are torchvision's.
 */
public final class SsdLite extends Net implements SingleStageNet {

    private static final double EPS = 1e-3;
    private static final double MOMENTUM = 0.03;
    private static final int LEVELS = 6;
    private static final DefaultBoxes BOXES = new DefaultBoxes(
            Collections.nCopies(LEVELS, List.of(2, 3)), DefaultBoxes.scales(0.2, 0.95, LEVELS), List.of());

    /** The registered one. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("ssdlite320_mobilenet_v3_large", new Config(1), "https://arxiv.org/abs/1905.02244")
                    .at(3, 320, 320)
                    .classes(90));

    /**
     * Its size.
     *
     * @param width factor of all channels
     */
    record Config(double width) implements NetConfig {

        Config {
            Scaling.checkFactor("width", width);
        }

        @Override
        public SsdLite create(Shape images, int classes) {
            return new SsdLite(this, images.channels(), classes);
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
    SsdLite(Config config, int channels, int classes) {
        int columns = classes + 1;
        scoring = new BoxScoring(BOXES, columns, 300);
        backbone = add("backbone", new Backbone(config, channels));
        for (int level = 0; level < LEVELS; level++) {
            this.classes.add(predictor(backbone.channels.get(level), BOXES.at(level) * columns));
            boxes.add(predictor(backbone.channels.get(level), BOXES.at(level) * 4));
        }
        add("head", BoxScoring.named(this.classes, boxes));
        initial(state());
    }

    private static void initial(State state) {
        state.initializer(Initializer.normal(0.03), (name, weight) -> weight.dims() == 4);
        state.initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    private static ConvNorm conv(int kernel) {
        return ConvNorm.of(kernel).norm(EPS, MOMENTUM).activation(x -> x.clamp(0, 6));
    }

    private static Layer predictor(int in, int out) {
        return new Sequential(
                List.of(conv(3).groups(in).layer(in, in), new Conv2d(in, out, Conv2d.Window.of(1, 1, 0), 1, true)));
    }

    @Override
    public Limits limits() {
        return new Limits(0.001, 0.55, 300);
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

    /** MobileNetV3 cut within the block that begins its last stage, {@code features}, and four smaller maps, {@code extra}. */
    private static final class Backbone extends Net {

        private final List<Layer> blocks = new ArrayList<>();
        private final List<Integer> channels = new ArrayList<>();

        Backbone(Config config, int images) {
            var body = new MobileNetV3.Config(MobileNetV3.Table.REDUCED, config.width(), 0);
            List<Layer> layers =
                    MobileNetV3.trunk(body, images, MOMENTUM, false).layers();
            List<Integer> strided = MobileNetV3.strided(body.table());
            int cut = strided.get(strided.size() - 1);
            List<Layer> middle = MobileNetV3.lastStage(body, MOMENTUM);
            var first = new ArrayList<>(layers.subList(0, cut));
            first.add(middle.get(0));
            var second = new ArrayList<Layer>(List.of(new Behind(middle)));
            second.addAll(layers.subList(cut + 1, layers.size()));
            blocks.addAll(List.of(new Sequential(first), new Sequential(second)));
            add("features", new Sequential(blocks));
            channels.addAll(List.of(body.lastStageMiddle(), body.last()));
            var extra = new ArrayList<Layer>();
            for (int out : new int[] {512, 256, 256, 128}) {
                int narrowed = Math.max(16, (int) (out * config.width()));
                extra.add(coarser(channels.get(channels.size() - 1), narrowed));
                channels.add(narrowed);
            }
            add("extra", new Sequential(extra));
            blocks.addAll(extra);
        }

        private static Layer coarser(int in, int out) {
            int mid = out / 2;
            return new Sequential(List.of(
                    conv(1).layer(in, mid), conv(3).stride(2).groups(mid).layer(mid, mid), conv(1).layer(mid, out)));
        }

        List<Tensor> maps(Tensor images) {
            return Trunk.outputs(blocks, images);
        }
    }

    /** Layers but the first, which keep their names. */
    private static final class Behind extends Net implements Layer {

        private final List<Layer> layers;

        Behind(List<Layer> all) {
            layers = all.subList(1, all.size());
            for (int i = 0; i < layers.size(); i++) {
                add(Integer.toString(i + 1), layers.get(i));
            }
        }

        @Override
        public Tensor apply(Tensor x) {
            return Sequential.through(layers, x);
        }
    }
}
