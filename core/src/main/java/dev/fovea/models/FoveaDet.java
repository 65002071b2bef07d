package dev.fovea.models;

import dev.fovea.data.Targets;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.nn.detect.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A small detector without anchors: cross-stage partial stages (Wang et al. 2019, <a
 * href="https://arxiv.org/abs/1911.11929">1911.11929</a>) with the branches of ELAN (Wang et al. 2022, <a
 * href="https://arxiv.org/abs/2211.04800">2211.04800</a>), a path aggregation neck (Liu et al. 2018, <a
 * href="https://arxiv.org/abs/1803.01534">1803.01534</a>) and at strides 8, 16 and 32 a head with two branches (YOLOX, Ge et al.
 * 2021, <a href="https://arxiv.org/abs/2107.08430">2107.08430</a>): the class, and the distances to the four edges as
 * distributions (Li et al. 2020, <a href="https://arxiv.org/abs/2006.04388">2006.04388</a>). Predictions are assigned to objects by
 * {@link dev.fovea.nn.detect.TaskAligned}.
 *
 * <p>Without suppression of duplicates a second set of heads learns from one prediction for each object, on maps that it does not
 * change, and is the one that answers (YOLOv10, Wang et al. 2024, <a href="https://arxiv.org/abs/2405.14458">2405.14458</a>).
 */
public final class FoveaDet extends Net implements SingleStageNet {

    private static final String OWN = "own";
    private static final int[] STRIDES = {8, 16, 32};
    private static final double EPS = 1e-3;
    private static final double MOMENTUM = 0.1;

    /** Probability of a class at a place before anything is learned (Lin et al. 2017). */
    private static final double PRIOR = 0.01;

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("fovea-det", new Config(OWN, 16, 1, 16, true)),
            row("fovea-det-s", new Config(OWN, 20, 1, 16, true)),
            row("fovea-det-m", new Config(OWN, 24, 2, 16, true)));

    private static ModelEntry row(String name, Config config) {
        return ModelEntry.row(name, config, "https://arxiv.org/abs/2108.07755")
                .at(3, 640, 640)
                .classes(80);
    }

    /**
     * Its size.
     *
     * @param backbone {@code own}, or a registered classifier whose maps at strides 8, 16 and 32 are taken
     * @param width channels of the first convolution; a stage has twice as many as the one before
     * @param depth units of each stage
     * @param bins of the distributions of distances: 0, 1, ... {@code bins - 1} strides; 1 for one number without a distribution
     * @param nms whether several predictions learn an object and duplicates are suppressed; otherwise one does
     */
    record Config(String backbone, int width, int depth, int bins, boolean nms) implements NetConfig {

        Config {
            NetConfig.range("width", width, 4, 256);
            NetConfig.range("depth", depth, 1, 20);
            NetConfig.range("bins", bins, 1, 64);
        }

        @Override
        public FoveaDet create(Shape images, int classes) {
            return new FoveaDet(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return DetectionNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(backbone).filter(name -> !name.equals(OWN));
        }
    }

    private final int classes;
    private final Distances distances;
    private final Pyramid backbone;
    private final PathAggregation neck;
    private final List<Head> heads = new ArrayList<>();

    /** Those that give one answer for each object; none where duplicates are suppressed. */
    private final List<Head> single = new ArrayList<>();

    private final AlignedLosses losses;

    /** @param channels of the images */
    FoveaDet(Config config, int channels, int classes) {
        this.classes = classes;
        distances = new Distances(config.bins());
        losses = new AlignedLosses(classes, distances);
        backbone = config.backbone().equals(OWN)
                ? add("backbone", new CspBackbone(channels, config.width(), config.depth()))
                : add("backbone", StagedBackbone.of(config.backbone(), channels, STRIDES));
        neck = add("neck", new PathAggregation(backbone.channels(), config.width(), config.depth()));
        for (int level = 0; level < STRIDES.length; level++) {
            heads.add(add("head" + level, new Head(neck.channels().get(level), config, classes)));
            if (!config.nms()) {
                single.add(add("single" + level, new Head(neck.channels().get(level), config, classes)));
            }
        }
    }

    /** A convolution, its norm and its activation, as all parts have it. */
    static ConvNorm conv(int kernel) {
        return ConvNorm.of(kernel).norm(EPS, MOMENTUM).activation(Tensor::silu);
    }

    @Override
    public Limits limits() {
        return new Limits(0.001, single.isEmpty() ? 0.65 : 1, 300);
    }

    @Override
    public List<String> classLayers() {
        return IntStream.range(0, STRIDES.length)
                .boxed()
                .flatMap(level -> Stream.of("head" + level + ".classes.", "single" + level + ".classes."))
                .toList();
    }

    @Override
    public int multiple() {
        return STRIDES[STRIDES.length - 1];
    }

    /**
     * What the heads give, in float32.
     *
     * @param logits of the classes, [N, points, K]
     * @param sides distributions of the distances, [N, points, 4 bins]
     */
    record Raw(Tensor logits, Tensor sides, Points points) {}

    Raw raw(Tensor images) {
        return raw(neck.apply(backbone.maps(images)), single.isEmpty() ? heads : single);
    }

    private static Raw raw(List<Tensor> maps, List<Head> heads) {
        var levels = new ArrayList<Points.Level>();
        var logits = new ArrayList<Tensor>();
        var sides = new ArrayList<Tensor>();
        for (int level = 0; level < maps.size(); level++) {
            Tensor map = maps.get(level);
            levels.add(new Points.Level((int) map.size(2), (int) map.size(3), STRIDES[level]));
            logits.add(places(heads.get(level).classes(map)));
            sides.add(places(heads.get(level).sides(map)));
        }
        return new Raw(Tensor.cat(logits, 1), Tensor.cat(sides, 1), Points.of(levels));
    }

    /** [N, C, H, W] to [N, H W, C], in float32. */
    private static Tensor places(Tensor map) {
        return map.permute(0, 2, 3, 1).to(DType.FLOAT32).reshape(map.size(0), map.size(2) * map.size(3), map.size(1));
    }

    @Override
    public Map<String, Tensor> losses(Tensor images, Targets.Objects truth) {
        List<Tensor> maps = neck.apply(backbone.maps(images));
        Map<String, Tensor> all = losses.of(raw(maps, heads), truth);
        if (!single.isEmpty()) {
            List<Tensor> given = maps.stream().map(Tensor::detach).toList();
            losses.single().of(raw(given, single), truth).forEach((name, loss) -> all.merge(name, loss, Tensor::add));
        }
        return all;
    }

    @Override
    public boolean cutsFirst() {
        return false;
    }

    @Override
    public Boxes boxes(Tensor images) {
        Raw raw = raw(images);
        return new Boxes(
                raw.points().boxes(distances.expected(raw.sides())),
                raw.logits().sigmoid());
    }

    @Override
    public List<Found> detect(Tensor images, Limits limits) {
        Boxes all = boxes(images);
        float[] boxes = all.places().toFloats();
        float[] scores = all.scores().toFloats();
        int points = (int) all.places().size(1);
        var found = new ArrayList<Found>();
        for (int i = 0; i < images.size(0); i++) {
            found.add(Candidates.above(limits.score(), scores, classes, boxes, i * points, points)
                    .kept(limits, (int) images.size(3), (int) images.size(2)));
        }
        return found;
    }

    @Override
    public Tensor trace(Tensor images) {
        return raw(images).logits();
    }

    /** The two branches at one stride. */
    private static final class Head extends Net {

        private final Layer classes;
        private final Layer sides;

        Head(int in, Config config, int classes) {
            int hidden = Math.max(16, 3 * config.width());
            this.classes = add(
                    "classes",
                    branch(in, Math.max(hidden, Math.min(classes, 128)), classes, Math.log(PRIOR / (1 - PRIOR))));
            sides = add("sides", branch(in, hidden, 4 * config.bins(), 1));
        }

        /** @param bias that the outputs begin with */
        private static Layer branch(int in, int hidden, int out, double bias) {
            var last = new Conv2d(hidden, out, Conv2d.Window.of(1, 1, 0), 1, true);
            last.state().initializer(Initializer.constant(bias), (name, tensor) -> name.equals("bias"));
            return new Sequential(List.of(conv(3).layer(in, hidden), conv(3).layer(hidden, hidden), last));
        }

        Tensor classes(Tensor map) {
            return classes.forward(map);
        }

        Tensor sides(Tensor map) {
            return sides.forward(map);
        }
    }
}
