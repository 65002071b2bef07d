package dev.fovea.models;

import dev.fovea.data.Targets;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.GroupNorm;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.nn.detect.AnchorGrid;
import dev.fovea.nn.detect.Anchors;
import dev.fovea.nn.detect.BoxCoder;
import dev.fovea.nn.detect.FeaturePyramid;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.nn.detect.Overlap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * FCOS (Tian et al. 2019, <a href="https://arxiv.org/abs/1904.01355">1904.01355</a>): a detector without anchors. Each place of a
 * pyramid says the class, the distances to the four edges, and how central it is in the object; a place learns an object if it is
 * near its middle and the object's size is one for its map.
 *
 * <p>Names, numbers and answers are torchvision's. Of K classes its head has K + 1 outputs, of which the first is never learned and
 * never answered, see {@link RetinaNet}.
 */
public final class Fcos extends Net implements SingleStageNet {

    private static final int[] STRIDES = {8, 16, 32};
    private static final int TOWER = 4;
    private static final int GROUPS = 32;
    private static final double RADIUS = 1.5;
    private static final BoxCoder CODER = new BoxCoder.Sides();
    private static final AnchorGrid GRID =
            new AnchorGrid(List.of(List.of(8), List.of(16), List.of(32), List.of(64), List.of(128)), List.of(1.0));

    /** The registered one. */
    static final List<ModelEntry> MODELS = List.of(ModelEntry.row(
                    "fcos_resnet50_fpn",
                    new Config("resnet50", NormKind.FROZEN, 1e-5, 256),
                    "https://arxiv.org/abs/1904.01355")
            .at(3, 800, 800)
            .classes(90));

    /**
     * Its size.
     *
     * @param backbone a registered classifier with maps at strides 8, 16 and 32
     * @param norm what becomes of the backbone's batch norms
     * @param eps added to the variances of frozen ones
     * @param width channels of the pyramid
     */
    record Config(String backbone, NormKind norm, double eps, int width) implements NetConfig {

        Config {
            NetConfig.positive("width", width);
        }

        @Override
        public Fcos create(Shape images, int classes) {
            return new Fcos(this, images.channels(), classes);
        }

        @Override
        public Class<?> network() {
            return DetectionNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(backbone);
        }
    }

    private final int columns;
    private final PyramidBackbone backbone;
    private final Layer classTower;
    private final Layer classes;
    private final Layer boxTower;
    private final Layer boxes;
    private final Layer centre;

    /** @param channels of the images */
    Fcos(Config config, int channels, int classes) {
        columns = classes + 1;
        int width = config.width();
        backbone = add(
                "backbone",
                new PyramidBackbone(
                        StagedBackbone.of(config.backbone(), channels, STRIDES),
                        config.norm(),
                        config.eps(),
                        width,
                        false,
                        FeaturePyramid.Extra.TWO_FROM_PYRAMID));
        classTower = tower(width);
        this.classes = HeadParts.conv(width, columns, 3);
        boxTower = tower(width);
        boxes = HeadParts.conv(width, 4, 3);
        centre = HeadParts.conv(width, 1, 3);
        var head = new Parts(Map.of(
                "classification_head", new Parts(Map.of("conv", classTower, "cls_logits", this.classes)),
                "regression_head", new Parts(Map.of("conv", boxTower, "bbox_reg", boxes, "bbox_ctrness", centre))));
        HeadParts.small(head.state());
        HeadParts.rare(this.classes.state());
        add("head", head);
    }

    private static Layer tower(int width) {
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < TOWER; i++) {
            layers.add(HeadParts.conv(width, width, 3));
            layers.add(new GroupNorm(width % GROUPS == 0 ? GROUPS : 1, width));
            layers.add(HeadParts.relu());
        }
        return new Sequential(layers);
    }

    @Override
    public Limits limits() {
        return new Limits(0.2, 0.6, 100);
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
     * @param logits [N, places, K + 1]
     * @param sides in sizes of the anchors, [N, places, 4]
     * @param centre logits of how central a place is, [N, places, 1]
     */
    record Raw(Tensor logits, Tensor sides, Tensor centre, Anchors anchors) {}

    private List<Tensor> heads(List<Tensor> maps) {
        var logits = new ArrayList<Tensor>();
        var sides = new ArrayList<Tensor>();
        var central = new ArrayList<Tensor>();
        for (Tensor map : maps) {
            logits.add(HeadParts.places(classes.forward(classTower.forward(map)), columns));
            Tensor tower = boxTower.forward(map);
            sides.add(HeadParts.places(boxes.forward(tower).relu(), 4));
            central.add(HeadParts.places(centre.forward(tower), 1));
        }
        return List.of(Tensor.cat(logits, 1), Tensor.cat(sides, 1), Tensor.cat(central, 1));
    }

    Raw raw(Tensor images) {
        List<Tensor> maps = backbone.maps(images);
        List<Tensor> heads = heads(maps);
        return new Raw(
                heads.get(0), heads.get(1), heads.get(2), GRID.of(maps, (int) images.size(2), (int) images.size(3)));
    }

    @Override
    public Map<String, Tensor> losses(Tensor images, Targets.Objects truth) {
        Raw raw = raw(images);
        Anchors anchors = raw.anchors();
        List<ObjectsOfImage> objects = ObjectsOfImage.of(truth);
        List<int[]> assigned = objects.stream()
                .map(own -> own.withoutIgnored(assign(anchors, own.boxes()), anchors.boxes()))
                .toList();
        double weight = 1.0 / Math.max(1, Learned.positives(assigned));
        var learned = new Learned(anchors.count());
        float[] counted = new float[objects.size() * anchors.count()];
        for (int i = 0; i < objects.size(); i++) {
            learned.add(i, assigned.get(i), objects.get(i), anchors.boxes(), weight);
            for (int j = 0; j < anchors.count(); j++) {
                counted[i * anchors.count() + j] = assigned.get(i)[j] == MaxIou.IGNORED ? 0 : (float) weight;
            }
        }
        Device device = raw.logits().device();
        var losses = new LinkedHashMap<String, Tensor>();
        Tensor weights = Tensor.of(counted, objects.size(), anchors.count(), 1).to(device);
        losses.put("classLoss", RetinaNet.focal(raw.logits(), weights, learned));
        Tensor target = learned.boxes(device);
        Tensor references = learned.references(device);
        Tensor own = CODER.decode(learned.rows(raw.sides()), references);
        losses.put("boxLoss", Overlap.GIOU.of(own, target).neg().add(1).sum().mul(weight));
        Tensor logits = learned.rows(raw.centre()).squeeze(1);
        Tensor wanted = central(CODER.encode(target, references));
        losses.put("centreLoss", logits.softplus().sub(logits.mul(wanted)).sum().mul(weight));
        return losses;
    }

    /** From 0 at an edge to 1 in the middle, [M, 4] to [M] (equation 3). */
    private static Tensor central(Tensor sides) {
        Tensor left = sides.select(1, 0);
        Tensor top = sides.select(1, 1);
        Tensor right = sides.select(1, 2);
        Tensor bottom = sides.select(1, 3);
        return left.minimum(right)
                .div(left.maximum(right))
                .mul(top.minimum(bottom).div(top.maximum(bottom)))
                .sqrt();
    }

    /** The smallest object that a place is near the middle of, and whose size is for its map. */
    static int[] assign(Anchors anchors, float[] objects) {
        int[] assigned = new int[anchors.count()];
        Arrays.fill(assigned, MaxIou.BACKGROUND);
        int[] offsets = anchors.offsets();
        int last = anchors.counts().length - 1;
        for (int level = 0; level <= last; level++) {
            for (int i = offsets[level]; i < offsets[level + 1]; i++) {
                float size = anchors.boxes()[4 * i + 2] - anchors.boxes()[4 * i];
                float least = level == 0 ? 0 : 4 * size;
                float most = level == last ? Float.POSITIVE_INFINITY : 8 * size;
                float smallest = Float.POSITIVE_INFINITY;
                for (int object = 0; object < objects.length / 4; object++) {
                    float area = (objects[4 * object + 2] - objects[4 * object])
                            * (objects[4 * object + 3] - objects[4 * object + 1]);
                    if (area < smallest && fits(anchors.boxes(), i, objects, object, size, least, most)) {
                        smallest = area;
                        assigned[i] = object;
                    }
                }
            }
        }
        return assigned;
    }

    private static boolean fits(
            float[] anchors, int at, float[] objects, int object, float size, float least, float most) {
        float x = (anchors[4 * at] + anchors[4 * at + 2]) / 2;
        float y = (anchors[4 * at + 1] + anchors[4 * at + 3]) / 2;
        float left = objects[4 * object];
        float top = objects[4 * object + 1];
        float right = objects[4 * object + 2];
        float bottom = objects[4 * object + 3];
        float off = Math.max(Math.abs(x - (left + right) / 2), Math.abs(y - (top + bottom) / 2));
        float nearest = Math.min(Math.min(x - left, right - x), Math.min(y - top, bottom - y));
        float farthest = Math.max(Math.max(x - left, right - x), Math.max(y - top, bottom - y));
        return off < RADIUS * size && nearest > 0 && farthest > least && farthest < most;
    }

    @Override
    public List<Found> detect(Tensor images, Limits limits) {
        Raw raw = raw(images);
        return RetinaNet.answers(scores(raw), places(raw), raw.anchors(), images, limits);
    }

    private static Tensor scores(Raw raw) {
        return raw.logits().sigmoid().mul(raw.centre().sigmoid()).sqrt();
    }

    private static Tensor places(Raw raw) {
        return CODER.decode(raw.sides(), raw.anchors().tensor(raw.sides().device()));
    }

    @Override
    public Boxes boxes(Tensor images) {
        Raw raw = raw(images);
        return new Boxes(places(raw), RetinaNet.withoutBackground(scores(raw)));
    }

    @Override
    public Tensor trace(Tensor images) {
        return Tensor.cat(heads(backbone.maps(images)), 2);
    }
}
