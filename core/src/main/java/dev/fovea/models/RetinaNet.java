package dev.fovea.models;

import dev.fovea.data.Targets;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.GroupNorm;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.detect.AnchorGrid;
import dev.fovea.nn.detect.Anchors;
import dev.fovea.nn.detect.BoxCoder;
import dev.fovea.nn.detect.FeaturePyramid;
import dev.fovea.nn.detect.FocalLoss;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.nn.detect.Overlap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * RetinaNet (Lin et al. 2017, <a href="https://arxiv.org/abs/1708.02002">1708.02002</a>): nine anchors at each place of a pyramid,
 * one head for all its maps, and a loss in which the many easy places of background count little. Its second version has group
 * norms in the head and learns the overlap of boxes (Zhang et al. 2019, <a
 * href="https://arxiv.org/abs/1912.02424">1912.02424</a>).
 *
 * <p>Names, numbers and answers are torchvision's. Of K classes its head has K + 1 outputs, as torchvision's, whose first, the
 * background, is never learned and never answered; COCO's published weights are of 90 classes, some of which have no objects.
 */
public final class RetinaNet extends Net implements SingleStageNet {

    private static final int[] STRIDES = {8, 16, 32};
    private static final int SIZES = 5;
    private static final int TOWER = 4;
    private static final int GROUPS = 32;
    private static final int CANDIDATES = 1000;
    private static final MaxIou ASSIGNMENT = new MaxIou(0.5, 0.4, MaxIou.Rescue.BEST_BOXES);
    private static final BoxCoder CODER = BoxCoder.Deltas.plain();
    private static final FocalLoss FOCAL = FocalLoss.usual();

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("retinanet_resnet50_fpn", new Config("resnet50", NormKind.FROZEN, 0, 1, 256), "1708.02002"),
            row("retinanet_resnet50_fpn_v2", new Config("resnet50", NormKind.BATCH, 1e-5, 2, 256), "1912.02424"));

    private static ModelEntry row(String name, Config config, String paper) {
        return ModelEntry.row(name, config, "https://arxiv.org/abs/" + paper)
                .at(3, 800, 800)
                .classes(90);
    }

    /**
     * Its size.
     *
     * @param backbone a registered classifier with maps at strides 8, 16 and 32
     * @param norm what becomes of the backbone's batch norms
     * @param eps added to the variances of frozen ones; the first version's published weights were trained with 0
     * @param version 1, or 2 for group norms in the head and a loss of overlaps
     * @param width channels of the pyramid
     */
    record Config(String backbone, NormKind norm, double eps, int version, int width) implements NetConfig {

        Config {
            NetConfig.range("version", version, 1, 2);
            NetConfig.positive("width", width);
        }

        @Override
        public RetinaNet create(Shape images, int classes) {
            return new RetinaNet(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return DetectionNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(backbone);
        }

        Optional<IntFunction<Layer>> norms() {
            return version == 1
                    ? Optional.empty()
                    : Optional.of(channels -> new GroupNorm(channels % GROUPS == 0 ? GROUPS : 1, channels));
        }
    }

    private final int columns;
    private final int version;
    private final PyramidBackbone backbone;
    private final AnchorGrid grid = grid();
    private final Layer classTower;
    private final Layer classes;
    private final Layer boxTower;
    private final Layer boxes;

    /** @param channels of the images */
    RetinaNet(Config config, int channels, int classes) {
        columns = classes + 1;
        version = config.version();
        backbone = add(
                "backbone",
                new PyramidBackbone(
                        StagedBackbone.of(config.backbone(), channels, STRIDES),
                        config.norm(),
                        config.eps(),
                        config.width(),
                        false,
                        version == 1 ? FeaturePyramid.Extra.TWO_FROM_PYRAMID : FeaturePyramid.Extra.TWO_FROM_MAPS));
        int width = config.width();
        classTower = HeadParts.blocks(TOWER, width, width, config.norms());
        this.classes = HeadParts.conv(width, grid.at(0) * columns, 3);
        boxTower = HeadParts.blocks(TOWER, width, width, config.norms());
        boxes = HeadParts.conv(width, grid.at(0) * 4, 3);
        var head = new Parts(Map.of(
                "classification_head", new Parts(Map.of("conv", classTower, "cls_logits", this.classes)),
                "regression_head", new Parts(Map.of("conv", boxTower, "bbox_reg", boxes))));
        HeadParts.small(head.state());
        HeadParts.rare(this.classes.state());
        add("head", head);
    }

    /** Sizes of 32 to 512 pixels and two thirds of an octave above each. */
    private static AnchorGrid grid() {
        List<List<Integer>> sizes = IntStream.range(0, SIZES)
                .mapToObj(level -> IntStream.range(0, 3)
                        .mapToObj(third -> (int) ((32 << level) * Math.pow(2, third / 3.0)))
                        .toList())
                .toList();
        return new AnchorGrid(sizes, List.of(0.5, 1.0, 2.0));
    }

    @Override
    public Limits limits() {
        return new Limits(0.05, 0.5, 300);
    }

    @Override
    public List<String> classLayers() {
        return List.of("head.classification_head.cls_logits.");
    }

    @Override
    public int multiple() {
        return 32;
    }

    /**
     * What the head gives.
     *
     * @param logits [N, anchors, K + 1]
     * @param deltas [N, anchors, 4]
     */
    record Raw(Tensor logits, Tensor deltas, Anchors anchors) {}

    Raw raw(Tensor images) {
        List<Tensor> maps = backbone.maps(images);
        return new Raw(
                HeadParts.all(maps, x -> classes.forward(classTower.forward(x)), columns),
                HeadParts.all(maps, x -> boxes.forward(boxTower.forward(x)), 4),
                grid.of(maps, (int) images.size(2), (int) images.size(3)));
    }

    @Override
    public Map<String, Tensor> losses(Tensor images, Targets.Objects truth) {
        Raw raw = raw(images);
        Anchors anchors = raw.anchors();
        var learned = new Learned(anchors.count());
        List<ObjectsOfImage> objects = ObjectsOfImage.of(truth);
        float[] weights = new float[objects.size() * anchors.count()];
        for (int i = 0; i < objects.size(); i++) {
            int[] assigned = objects.get(i)
                    .withoutIgnored(
                            ASSIGNMENT.assign(anchors.boxes(), objects.get(i).boxes()), anchors.boxes());
            double weight = 1.0 / Math.max(1, Learned.positives(assigned)) / objects.size();
            learned.add(i, assigned, objects.get(i), anchors.boxes(), weight);
            for (int j = 0; j < assigned.length; j++) {
                weights[i * anchors.count() + j] = assigned[j] == MaxIou.IGNORED ? 0 : (float) weight;
            }
        }
        Device device = raw.logits().device();
        var losses = new LinkedHashMap<String, Tensor>();
        Tensor counted = Tensor.of(weights, objects.size(), anchors.count(), 1).to(device);
        losses.put("classLoss", focal(raw.logits(), counted, learned));
        losses.put("boxLoss", boxLoss(learned, raw.deltas()));
        return losses;
    }

    /** As if there were background everywhere, and the difference where there is an object. */
    static Tensor focal(Tensor logits, Tensor counted, Learned learned) {
        Tensor background = FOCAL.absent(logits).mul(counted).sum();
        Device device = logits.device();
        Tensor own = logits.reshape(-1).indexSelect(0, learned.classPlaces((int) logits.size(2), device));
        return background.add(FOCAL.present(own)
                .sub(FOCAL.absent(own))
                .mul(learned.weights(device))
                .sum());
    }

    private Tensor boxLoss(Learned learned, Tensor deltas) {
        Device device = deltas.device();
        Tensor own = learned.rows(deltas);
        Tensor target = learned.boxes(device);
        Tensor references = learned.references(device);
        Tensor each = version == 1
                ? own.sub(CODER.encode(target, references)).abs().sum(1)
                : Overlap.GIOU.of(CODER.decode(own, references), target).neg().add(1);
        return each.mul(learned.weights(device)).sum();
    }

    @Override
    public List<Found> detect(Tensor images, Limits limits) {
        Raw raw = raw(images);
        return answers(raw.logits().sigmoid(), places(raw), raw.anchors(), images, limits);
    }

    private static Tensor places(Raw raw) {
        return CODER.decode(raw.deltas(), raw.anchors().tensor(raw.deltas().device()));
    }

    @Override
    public Boxes boxes(Tensor images) {
        Raw raw = raw(images);
        return new Boxes(places(raw), withoutBackground(raw.logits().sigmoid()));
    }

    /** Scores [N, P, K + 1] without the first column. */
    static Tensor withoutBackground(Tensor scores) {
        return scores.narrow(2, 1, scores.size(2) - 1);
    }

    /** The thousand best of each map of the pyramid, without duplicates. */
    static List<Found> answers(Tensor scores, Tensor boxes, Anchors anchors, Tensor images, Limits limits) {
        float[] values = scores.toFloats();
        float[] places = boxes.toFloats();
        int columns = (int) scores.size(2);
        int[] offsets = anchors.offsets();
        var found = new ArrayList<Found>();
        for (int i = 0; i < images.size(0); i++) {
            var candidates = new TopCandidates((int) images.size(2), (int) images.size(3));
            for (int level = 0; level + 1 < offsets.length; level++) {
                int from = (i * anchors.count() + offsets[level]) * columns;
                int to = (i * anchors.count() + offsets[level + 1]) * columns;
                candidates.addStrongest(values, columns, from, to, 1, limits.score(), CANDIDATES, places);
            }
            found.add(candidates.kept(limits));
        }
        return found;
    }

    @Override
    public Tensor trace(Tensor images) {
        List<Tensor> maps = backbone.maps(images);
        return Tensor.cat(
                List.of(
                        HeadParts.all(maps, x -> classes.forward(classTower.forward(x)), columns),
                        HeadParts.all(maps, x -> boxes.forward(boxTower.forward(x)), 4)),
                2);
    }
}
