package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.fovea.Drawn;
import dev.fovea.Golden;
import dev.fovea.data.Mask;
import dev.fovea.data.Targets;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Size;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.State;
import dev.fovea.nn.Weights;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.nn.detect.Sampling;
import dev.fovea.optim.Optimizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The published detectors are those of torchvision 0.14 (see {@code test/oracle/detectors.py}). */
class DetectorsTest {

    private static final int CLASSES = 4;
    private static final int SIDE = 128;
    private static final int POINTS = 17;
    private static final float[] BOXES = {10, 12, 70, 60, 40, 30, 120, 110, 8, 70, 44, 124};

    /** Whose logits would run away with weights of the usual size. */
    private static final Set<String> SMALL = Set.of(
            "cls_logits",
            "bbox_reg",
            "bbox_pred",
            "cls_score",
            "bbox_ctrness",
            "module_list",
            "mask_fcn_logits",
            "kps_score_lowres");

    private static final Map<String, String> LOSSES = Map.of(
            "classification", "classLoss",
            "bbox_regression", "boxLoss",
            "bbox_ctrness", "centreLoss",
            "loss_objectness", "objectnessLoss",
            "loss_rpn_box_reg", "proposalLoss",
            "loss_classifier", "classLoss",
            "loss_box_reg", "boxLoss",
            "loss_mask", "maskLoss",
            "loss_keypoint", "keypointLoss");

    private static final long BOX_HEAD = 12544L * 1024 + 1024 * 1024 + 1024 * 5 * 91;
    private static final long MASK_HEAD = 14L * 14 * 256 * (4 * 9 * 256 + 4 * 256) + 28 * 28 * 256 * 91;
    private static final long KEYPOINT_HEAD = 14L * 14 * 512 * (9 * 256 + 7 * 9 * 512 + 17 * 16);

    /**
     * Published figures. Those of multiply-adds are of an image of noise: in the first version's no object is found, so that neither
     * masks nor keypoints are looked for, and in MobileNet's there is no proposal either, while {@code trace} has them all.
     */
    @ParameterizedTest
    @CsvSource({
        "fasterrcnn_resnet50_fpn,41755286,134.38,0",
        "fasterrcnn_resnet50_fpn_v2,43712278,280.371,0",
        "fasterrcnn_mobilenet_v3_large_fpn,19386354,4.494,1000",
        "fasterrcnn_mobilenet_v3_large_320_fpn,19386354,0.719,150",
        "fcos_resnet50_fpn,32269600,128.207,0",
        "keypointrcnn_resnet50_fpn,59137258,133.924,-2",
        "maskrcnn_resnet50_fpn,44401393,134.38,-1",
        "maskrcnn_resnet50_fpn_v2,46359409,333.577,0",
        "retinanet_resnet50_fpn,34014999,151.54,0",
        "retinanet_resnet50_fpn_v2,38198935,152.238,0",
        "ssd300_vgg16,35641826,34.858,0",
        "ssdlite320_mobilenet_v3_large,3440060,0.583,0"
    })
    void hasThePublishedCounts(String name, long parameters, double gmacs, int more) {
        long beside = more == -1 ? 100 * MASK_HEAD : more == -2 ? 100 * KEYPOINT_HEAD : more * BOX_HEAD;
        ModelEntry.Counts counts = Models.get(name).counts();
        assertThat(counts.parameters()).isEqualTo(parameters);
        assertThat(counts.gmacs() - beside / 1e9).isCloseTo(gmacs, withinPercentage(0.2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssdlite320_mobilenet_v3_large", "fasterrcnn_mobilenet_v3_large_320_fpn"})
    void aSmallOneEqualsTorchvision(String name) {
        parity(name);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fasterrcnn_resnet50_fpn",
                "fasterrcnn_resnet50_fpn_v2",
                "fasterrcnn_mobilenet_v3_large_fpn",
                "fcos_resnet50_fpn",
                "keypointrcnn_resnet50_fpn",
                "maskrcnn_resnet50_fpn",
                "maskrcnn_resnet50_fpn_v2",
                "retinanet_resnet50_fpn",
                "retinanet_resnet50_fpn_v2",
                "ssd300_vgg16"
            })
    void equalsTorchvision(String name) {
        parity(name);
    }

    private static void parity(String name) {
        JsonNode golden = Golden.read("detectors/" + name + ".json");
        DetectionNet net = net(name);
        assertThat(Zoo.digest(sorted(net.state())))
                .as("names and shapes")
                .isEqualTo(golden.get("digest").asString());
        fill(net.state());
        net.state().train(false);
        int side = golden.get("side").asInt();
        Tensor images = Zoo.noise("image", 2, 3, side, side).to(DType.FLOAT32);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            DetectionNet.Limits limits = net.limits();
            List<DetectionNet.Found> found =
                    net.detect(images, new DetectionNet.Limits(limits.score(), limits.iou(), 8));
            for (int i = 0; i < found.size(); i++) {
                same(found.get(i), golden.get("found").get(i));
            }
        }
        net.state().train(true);
        still(net);
        learnsTheSame(net, images, golden);
    }

    /** All anchors and regions learn, so that nothing is drawn. */
    private static DetectionNet net(String name) {
        ModelEntry entry = Models.get(name);
        if (entry.config() instanceof FasterRcnn.Config config) {
            var all = new Sampling(100_000, 0.5);
            return new FasterRcnn(config, 3, CLASSES, new FasterRcnn.Samplings(all, all));
        }
        return (DetectionNet) entry.create(3, 300, 300, CLASSES);
    }

    private static String sorted(State state) {
        return Zoo.listing(state).lines().sorted().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static void fill(State state) {
        Map<String, Tensor> own = state.undrawn(state::tensors);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var values = new LinkedHashMap<String, Tensor>();
            own.forEach((name, tensor) -> {
                boolean small = Stream.of(name.split("\\.")).anyMatch(SMALL::contains);
                Tensor value = Scope.only(() ->
                        Zoo.value(name, tensor.shape()).mul(small ? 0.2 : 1).to(DType.FLOAT32));
                values.put(name, value);
            });
            Weights.load(values, state);
        }
    }

    /** Norms as in evaluation: of a few values those of training amplify rounding. */
    private static void still(Module module) {
        if (module instanceof BatchNorm) {
            module.state().train(false);
        }
        if (module instanceof Net net) {
            net.children().values().forEach(DetectorsTest::still);
        }
    }

    private static void same(DetectionNet.Found found, JsonNode golden) {
        double[] labels = Golden.array(golden.get("labels"));
        assertThat(found.labels())
                .containsExactly(Arrays.stream(labels).mapToInt(v -> (int) v).toArray());
        close(found.scores(), Golden.array(golden.get("scores")), 1e-4);
        close(found.boxes(), flat(golden.get("boxes")), 1e-4);
        for (int i = 0; golden.has("rows") && i < found.count(); i++) {
            Mask mask = found.masks().get(i);
            assertThat(off(counts(mask, true), golden.get("rows").get(i).asString()))
                    .as("pixels of mask %s", i)
                    .isLessThanOrEqualTo(2);
            assertThat(off(counts(mask, false), golden.get("columns").get(i).asString()))
                    .isLessThanOrEqualTo(2);
        }
        if (golden.has("keypoints")) {
            close(found.keypoints(), flat(golden.get("keypoints")), 1e-4);
        }
    }

    private static int off(int[] counts, String digits) {
        return IntStream.range(0, counts.length)
                .map(i -> Math.abs(counts[i] - Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16)))
                .sum();
    }

    private static int[] counts(Mask mask, boolean rows) {
        int[] counts = new int[SIDE];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                counts[rows ? y : x] += mask.at(x, y);
            }
        }
        return counts;
    }

    private static double[] flat(JsonNode node) {
        return Golden.array(node);
    }

    private static void close(float[] found, double[] wanted, double tolerance) {
        double off = 0;
        double size = 0;
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            off += Math.pow(found[i] - wanted[i], 2);
            size += Math.pow(wanted[i], 2);
        }
        assertThat(Math.sqrt(off / Math.max(size, 1e-12))).isCloseTo(0, within(tolerance));
    }

    private static void learnsTheSame(DetectionNet net, Tensor images, JsonNode golden) {
        try (var scope = new Scope()) {
            Map<String, Tensor> losses =
                    net instanceof FasterRcnn two ? two.losses(images, truth(), points()) : net.losses(images, truth());
            golden.get("losses").properties().forEach(loss -> {
                double wanted = loss.getValue().asDouble();
                assertThat(losses.get(LOSSES.get(loss.getKey())).item())
                        .as(loss.getKey())
                        .isCloseTo(wanted, within(1e-4 * Math.abs(wanted)));
            });
            assertThat(losses.values().stream().filter(loss -> loss.item() != 0).count())
                    .isEqualTo(golden.get("losses").size());
            losses.values().stream().reduce(Tensor::add).orElseThrow().backward();
            Map<String, Tensor> parameters = net.state().parameters();
            golden.get("gradients").properties().forEach(gradient -> {
                double wanted = gradient.getValue().asDouble();
                assertThat(parameters.get(gradient.getKey()).grad().norm().item())
                        .as(gradient.getKey())
                        .isCloseTo(wanted, within(5e-4 * Math.abs(wanted) + 1e-7));
            });
        }
    }

    /** Three objects in two images, of each mask the left half of its box. */
    private static Targets.Objects truth() {
        return truth(SIDE);
    }

    private static Targets.Objects truth(int side) {
        List<Mask> masks = IntStream.range(0, 3)
                .mapToObj(i -> {
                    byte[] values = new byte[side * side];
                    int middle = (int) ((BOXES[4 * i] + BOXES[4 * i + 2]) / 2);
                    for (int y = (int) BOXES[4 * i + 1]; y < (int) BOXES[4 * i + 3]; y++) {
                        Arrays.fill(values, y * side + (int) BOXES[4 * i], y * side + middle, (byte) 1);
                    }
                    return new Mask(new Size(side, side), values);
                })
                .toList();
        return new Targets.Objects(new int[] {0, 2, 3}, BOXES, new long[] {0, 2, 3}, new boolean[3], masks, List.of());
    }

    private static float[] points() {
        double[] shares = Zoo.noise("points", 3, POINTS, 3).add(1).div(2).toDoubles();
        float[] points = new float[shares.length];
        for (int i = 0; i < shares.length; i++) {
            int object = i / (3 * POINTS);
            int which = i % 3;
            float share = (float) shares[i];
            points[i] = which == 2
                    ? share > 0.2f ? 1 : 0
                    : BOXES[4 * object + which] + share * (BOXES[4 * object + 2 + which] - BOXES[4 * object + which]);
        }
        return points;
    }

    static List<ModelEntry> reduced() {
        return ReducedModels.all().stream()
                .filter(entry -> entry.config().network() == DetectionNet.class
                        && !entry.name().startsWith("fovea"))
                .toList();
    }

    /** A few steps on two images teach all weights, and make the losses fall. */
    @ParameterizedTest
    @MethodSource("reduced")
    void everyWeightLearns(ModelEntry entry) {
        int side = Math.max(SIDE, ReducedModels.side(entry));
        var net = Drawn.by(7, (DetectionNet) entry.create(3, side, side, CLASSES));
        Tensor images = Zoo.noise("image", 2, 3, side, side).to(DType.FLOAT32);
        var updater = Optimizer.adamW(1e-3).updater(net.state().parameters());
        Targets.Objects truth = truth(side);
        boolean oneHead =
                !(net instanceof Ssd || net instanceof SsdLite); // of theirs each map has one, and maybe no object
        double[] sums = new double[12];
        for (int step = 0; step < sums.length; step++) {
            try (var scope = new Scope()) {
                net.state().random(Random.of(new Seed(1)));
                Map<String, Tensor> losses =
                        net instanceof FasterRcnn two ? two.losses(images, truth, points()) : net.losses(images, truth);
                Tensor loss = losses.values().stream().reduce(Tensor::add).orElseThrow();
                sums[step] = loss.item();
                loss.backward();
                if (step == 1 && oneHead) {
                    assertThat(net.state().parameters())
                            .allSatisfy((name, weight) -> assertThat(weight.hasGrad()
                                            && weight.grad().abs().max().item() > 0)
                                    .as(name)
                                    .isTrue());
                }
                updater.step(1e-3);
                updater.clearGradients();
            }
        }
        assertThat(sums[sums.length - 1]).isLessThan(0.9 * sums[0]);
    }

    @Test
    void placesInAnObjectThatDoesNotCountDoNotCountEither() {
        var truth = new Targets.Objects(
                new int[] {0, 2},
                new float[] {0, 0, 10, 10, 20, 20, 40, 40},
                new long[] {1, 0},
                new boolean[] {false, true},
                List.of(),
                List.of());
        ObjectsOfImage objects = ObjectsOfImage.of(truth).get(0);
        assertThat(objects.labels()).containsExactly(1);
        float[] anchors = {0, 0, 10, 10, 22, 22, 38, 38, 41, 41, 60, 60};
        assertThat(objects.withoutIgnored(new int[] {0, MaxIou.BACKGROUND, MaxIou.BACKGROUND}, anchors))
                .containsExactly(0, MaxIou.IGNORED, MaxIou.BACKGROUND);
    }

    @Test
    void theLastStageIsThatOfMobileNet() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("fasterrcnn_resnet50_fpn levels=last", 3, 64, 64, 2))
                .withMessage("levels=last is for mobilenet_v3_large, got backbone=resnet50. Use levels=four");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("ssd300_vgg16", 3, 256, 300, 2))
                .withMessage("ssd: images must be at least 272x272, got 300x256. Set input.size");
    }

    @Test
    void masksAreLearnedOfDataThatHasThem() {
        String name = "maskrcnn_resnet50_fpn backbone=(resnet18 depths=1,1,1,1 width=8) width=16 hidden=16";
        var net = (DetectionNet) Models.create(name, 3, 64, 64, 2);
        var truth = new Targets.Objects(
                new int[] {0, 1}, new float[] {4, 4, 40, 40}, new long[] {1}, new boolean[1], List.of(), List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> net.losses(Tensor.zeros(1, 3, 64, 64), truth))
                .withMessageStartingWith("Mask R-CNN learns from the masks of objects, and the data has none.");
    }
}
