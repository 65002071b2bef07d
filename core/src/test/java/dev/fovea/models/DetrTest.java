package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.Golden;
import dev.fovea.data.Box;
import dev.fovea.data.Targets;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.State;
import dev.fovea.nn.Weights;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.optim.Optimizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The golden values are those of a network that was written from the paper on PyTorch 1.13's own modules, {@code MultiheadAttention}
 * and torchvision's ResNet with frozen norms, its matchings found by trying all.
 */
class DetrTest {

    private static final int CLASSES = 4;
    private static final int WIDTH = 128;
    private static final int HEIGHT = 96;
    private static final String GOLDEN =
            "detr_resnet50 backbone=resnet18 width=32 heads=4 hidden=64 encoders=2 decoders=2 queries=10 dropout=0";
    private static final String TINY =
            "detr_resnet50 backbone=(resnet18 depths=1,1,1,1 width=16) norm=batch width=32 heads=2 hidden=64 encoders=1"
                    + " decoders=2 queries=8 dropout=0";

    private static Detr net(String model, int classes) {
        return (Detr) Models.create(model, 3, HEIGHT, WIDTH, classes);
    }

    private static String sorted(State state) {
        return Zoo.listing(state).lines().sorted().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** 91 classes and "no object"; what the authors print, 41302368, leaves out the stem and first stage, which they freeze. */
    @Test
    void hasTheAuthorsNamesAndParameters() {
        JsonNode golden = Golden.read("detectors/detr.json").get("published");
        Detr net = (Detr) Models.get("detr_resnet50").create();
        assertThat(Zoo.digest(sorted(net.state())))
                .isEqualTo(golden.get("digest").asString());
        assertThat(net.state().parameterCount())
                .isEqualTo(golden.get("parameters").asLong())
                .isEqualTo(41_524_768);
        long fixed = net.state().undrawn(net.state()::parameters).entrySet().stream()
                .filter(weight -> weight.getKey().matches("backbone\\.0\\.body\\.(conv1|layer1)\\..*"))
                .mapToLong(weight -> weight.getValue().elements())
                .sum();
        assertThat(net.state().parameterCount() - fixed).isEqualTo(41_302_368);
    }

    /** The ResNet's at 224 x 224 but its last layer, as often as places are more; then each product by itself. */
    @Test
    void multiplyAddsAreThoseOfAPencil() {
        long body = (4_089_184_256L - 2048 * 1000) / 49 * 625;
        long encoder = 625 * 256 * 768 + 2 * 625 * 625 * 256 + 625 * 256 * 256 + 2L * 625 * 256 * 2048;
        long agreeing = 100 * 256 * 768 + 2 * 100 * 100 * 256 + 100 * 256 * 256;
        long seeing = (100 + 2 * 625 + 100) * 256 * 256 + 2 * 100 * 625 * 256;
        long decoder = agreeing + seeing + 2 * 100 * 256 * 2048;
        long heads = 100 * 256 * 92 + 100 * (256 * 256 + 256 * 256 + 256 * 4);
        double expected = (body + 625 * 2048 * 256 + 6 * encoder + 6 * decoder + heads) / 1e9;
        assertThat(Models.get("detr_resnet50").counts().gmacs()).isCloseTo(expected, within(1e-9));
    }

    /** The golden network's weights, larger where queries would hardly differ. */
    private static Detr golden() {
        Detr net = net(GOLDEN, CLASSES);
        Map<String, Tensor> own = net.state().undrawn(net.state()::tensors);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var values = new LinkedHashMap<String, Tensor>();
            own.forEach((name, tensor) -> {
                boolean large = name.matches("(query_embed|class_embed)\\.weight|.*in_proj_weight");
                values.put(
                        name,
                        Scope.only(() -> Zoo.value(name, tensor.shape())
                                .mul(large ? 3 : 1)
                                .to(DType.FLOAT32)));
            });
            Weights.load(values, net.state());
        }
        return net;
    }

    private static Tensor goldenImages() {
        return Zoo.noise("image", 2, 3, HEIGHT, WIDTH).to(DType.FLOAT32);
    }

    private static Targets.Objects goldenTruth() {
        return new Targets.Objects(
                new int[] {0, 2, 3},
                new float[] {10, 12, 70, 60, 40, 30, 120, 90, 8, 50, 44, 92},
                new long[] {0, 2, 3},
                new boolean[3],
                List.of(),
                List.of());
    }

    @Test
    void answersAsThePaperHasIt() {
        JsonNode golden = Golden.read("detectors/detr.json");
        Detr net = golden();
        assertThat(Zoo.digest(sorted(net.state())))
                .isEqualTo(golden.get("digest").asString());
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Detr.Raw raw = net.raw(goldenImages(), false);
            close(raw.logits().select(0, 0).select(0, 1).toFloats(), golden.get("logits"));
            close(raw.boxes().select(0, 0).select(0, 1).toFloats(), golden.get("boxes"));
            List<DetectionNet.Found> found = net.detect(goldenImages(), net.limits());
            for (int i = 0; i < 2; i++) {
                JsonNode wanted = golden.get("found").get(i);
                assertThat(found.get(i).labels())
                        .containsExactly(IntStream.range(0, 10)
                                .map(j -> wanted.get("labels").get(j).asInt())
                                .toArray());
                close(found.get(i).scores(), wanted.get("scores"));
                close(found.get(i).boxes(), wanted.get("boxes"));
            }
        }
    }

    private static void close(float[] found, JsonNode golden) {
        double[] wanted = Golden.array(golden);
        assertThat(found).hasSameSizeAs(wanted);
        double off = 0;
        double size = 0;
        for (int i = 0; i < wanted.length; i++) {
            off += Math.pow(found[i] - wanted[i], 2);
            size += Math.pow(wanted[i], 2);
        }
        assertThat(Math.sqrt(off / size)).isLessThan(1e-5);
    }

    @Test
    void learnsAsThePaperHasIt() {
        JsonNode golden = Golden.read("detectors/detr.json");
        Detr net = golden();
        List<ObjectsOfImage> objects = ObjectsOfImage.of(goldenTruth());
        try (var scope = new Scope()) {
            Detr.Raw raw = net.raw(goldenImages(), true);
            var matching = new SetMatching(new BoxShares(WIDTH, HEIGHT));
            for (int layer = 0; layer < 2; layer++) {
                for (int image = 0; image < 2; image++) {
                    int[] assigned = matching.assign(
                            raw.logits().select(0, layer).select(0, image),
                            raw.boxes().select(0, layer).select(0, image),
                            objects.get(image));
                    JsonNode wanted = golden.get("matches").get(layer).get(image);
                    for (int object = 0; object < wanted.size(); object++) {
                        assertThat(assigned[wanted.get(object).asInt()]).isEqualTo(object);
                    }
                }
            }
            Map<String, Tensor> losses = net.losses(goldenImages(), goldenTruth());
            assertThat(losses).hasSize(golden.get("losses").size());
            golden.get("losses")
                    .properties()
                    .forEach(loss -> assertThat(losses.get(loss.getKey()).item())
                            .as(loss.getKey())
                            .isCloseTo(
                                    loss.getValue().asDouble(),
                                    within(1e-5 * loss.getValue().asDouble())));
            losses.values().stream().reduce(Tensor::add).orElseThrow().backward();
            Map<String, Tensor> parameters = net.state().parameters();
            golden.get("gradients").properties().forEach(gradient -> {
                double wanted = gradient.getValue().asDouble();
                assertThat(parameters.get(gradient.getKey()).grad().norm().item())
                        .as(gradient.getKey())
                        .isCloseTo(wanted, within(1e-4 * wanted + 1e-7));
            });
        }
    }

    /** Images of [3, 96, 128], of one class bright rectangles, of the other dark ones, one of each. */
    private static Tensor images(float[] boxes) {
        int count = boxes.length / 8;
        float[] pixels = new float[count * 3 * HEIGHT * WIDTH];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % WIDTH;
            int y = i / WIDTH % HEIGHT;
            int image = i / (3 * HEIGHT * WIDTH);
            for (int kind = 0; kind < 2; kind++) {
                int at = 4 * (2 * image + kind);
                boolean inside = x >= boxes[at] && y >= boxes[at + 1] && x < boxes[at + 2] && y < boxes[at + 3];
                pixels[i] = inside ? kind == 0 ? 2 : -2 : pixels[i];
            }
        }
        return Tensor.of(pixels, count, 3, HEIGHT, WIDTH);
    }

    @Test
    void overfitsAFewImages() {
        float[] boxes = {
            8, 10, 50, 60, 70, 30, 120, 80, 10, 40, 40, 90, 60, 8, 110, 40, 20, 20, 60, 50, 80, 50, 124, 92, 6, 6, 40,
            30, 50, 40, 90, 88
        };
        Tensor images = images(boxes);
        var truth = new Targets.Objects(
                new int[] {0, 2, 4, 6, 8},
                boxes,
                new long[] {0, 1, 0, 1, 0, 1, 0, 1},
                new boolean[8],
                List.of(),
                List.of());
        Detr net = Drawn.by(3, net(TINY, 2));
        var updater = Optimizer.adamW(2e-3).updater(net.state().parameters());
        for (int step = 0; step < 200; step++) {
            try (var scope = new Scope()) {
                net.losses(images, truth).values().stream()
                        .reduce(Tensor::add)
                        .orElseThrow()
                        .backward();
                updater.step(2e-3 * Math.min(1, (200 - step) / 100.0));
                updater.clearGradients();
            }
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            List<DetectionNet.Found> found = net.detect(images, net.limits().withScore(0.5));
            for (int i = 0; i < 4; i++) {
                assertThat(found.get(i).labels()).containsExactlyInAnyOrder(0, 1);
                for (int j = 0; j < 2; j++) {
                    int at = 4 * (2 * i + found.get(i).labels()[j]);
                    assertThat(box(found.get(i).boxes(), 4 * j).iou(box(boxes, at)))
                            .isGreaterThan(0.8);
                }
            }
        }
    }

    private static Box box(float[] edges, int at) {
        return new Box(edges[at], edges[at + 1], edges[at + 2], edges[at + 3]);
    }

    private static ObjectsOfImage objects(float[] boxes, float... ignored) {
        int count = boxes.length / 4;
        return new ObjectsOfImage(IntStream.range(0, count).toArray(), boxes, new int[count], List.of(), ignored);
    }

    private static int[] assigned(float[] shares, ObjectsOfImage objects) {
        int queries = shares.length / 4;
        return new SetMatching(new BoxShares(100, 50))
                .assign(Tensor.zeros(queries, 3), Tensor.of(shares, queries, 4), objects);
    }

    /** Left and right half of an image of 100 x 50. */
    private static final float[] HALVES = {0, 0, 50, 50, 50, 0, 100, 50};

    private static final float[] LEFT = {0.25f, 0.5f, 0.5f, 1};
    private static final float[] RIGHT = {0.75f, 0.5f, 0.5f, 1};

    private static float[] queries(float[]... shares) {
        return Tensor.cat(Arrays.stream(shares).map(one -> Tensor.of(one, 4)).toList(), 0)
                .toFloats();
    }

    @Test
    void eachObjectIsGivenTheQueryThatFits() {
        assertThat(assigned(queries(RIGHT, LEFT), objects(HALVES))).containsExactly(1, 0);
        assertThat(assigned(queries(LEFT, LEFT, RIGHT, RIGHT), objects(HALVES)))
                .as("of equal ones the first")
                .containsExactly(0, MaxIou.BACKGROUND, 1, MaxIou.BACKGROUND);
    }

    @Test
    void queriesThatAreAllEqualAreStillGivenToOneObjectEach() {
        int[] assigned = assigned(queries(LEFT, LEFT, LEFT), objects(HALVES));
        assertThat(assigned).containsOnlyOnce(0).containsOnlyOnce(1).containsOnlyOnce(MaxIou.BACKGROUND);
        assertThat(assigned(queries(LEFT, LEFT, LEFT), objects(HALVES))).containsExactly(assigned);
    }

    @Test
    void ofMoreObjectsThanQueriesTheWorstGoesWithout() {
        assertThat(assigned(queries(RIGHT), objects(HALVES))).containsExactly(1);
    }

    @Test
    void aQueryInAnObjectThatDoesNotCountLearnsNothing() {
        float[] right = {50, 0, 100, 50};
        assertThat(assigned(queries(RIGHT, RIGHT, LEFT), objects(right, 40, 0, 100, 50)))
                .containsExactly(0, MaxIou.IGNORED, MaxIou.BACKGROUND);
        assertThat(assigned(queries(RIGHT, LEFT), objects(new float[0], 0, 0, 100, 50)))
                .containsExactly(MaxIou.IGNORED, MaxIou.IGNORED);
    }

    @Test
    void valuesThatAreNoNumbersComeOutAsALossThatIsNone() {
        Tensor nothing = Tensor.full(Double.NaN, 1, 1, 3, 3);
        var losses = new SetLosses(2, new BoxShares(100, 50), List.of(objects(HALVES)))
                .of(new Detr.Raw(nothing, Tensor.full(Double.NaN, 1, 1, 3, 4)));
        assertThat(losses.get("classLoss").item()).isNaN();
        assertThat(losses.get("boxLoss").item()).isNaN();
    }

    /** An image without objects: the mean over all queries that there is none. */
    @Test
    void anImageWithoutObjectsTeachesThatThereAreNone() {
        Tensor logits = Tensor.zeros(2, 1, 5, 3);
        var none = new SetLosses(2, new BoxShares(100, 50), List.of(objects(new float[0])));
        Map<String, Tensor> losses = none.of(new Detr.Raw(logits, Tensor.full(0.5, 2, 1, 5, 4)));
        assertThat(losses.get("classLoss").item()).isCloseTo(Math.log(3), within(1e-6));
        assertThat(losses.get("boxLoss").item()).isZero();
        assertThat(losses.get("overlapLoss").item()).isZero();
        assertThat(losses.get("auxiliaryLoss").item()).isCloseTo(Math.log(3), within(1e-6));
        var hidden = new SetLosses(2, new BoxShares(100, 50), List.of(objects(new float[0], 0, 0, 100, 50)));
        assertThat(hidden.of(new Detr.Raw(logits, Tensor.full(0.5, 2, 1, 5, 4)))
                        .get("classLoss")
                        .item())
                .isZero();
    }

    @Test
    void weightsOfOtherClassesKeepAllButTheHead(@TempDir Path folder) {
        Detr from = Drawn.by(1, net(TINY, 5));
        Path file = folder.resolve("detr.safetensors");
        Safetensors.write(file, from.state().tensors(), Map.of());
        Pretrained.Loaded loaded = Pretrained.load(file, Drawn.by(2, net(TINY, 2)));
        assertThat(loaded.kept()).containsExactly("class_embed.weight", "class_embed.bias");
        assertThat(Pretrained.load(file, Drawn.by(2, net(TINY, 5))).kept()).isEmpty();
    }

    @Test
    void publishedWeightsHaveClassesByCocosNumbers() {
        WeightsEntry entry = WeightsEntry.find("detr_resnet50", "coco").orElseThrow();
        assertThat(entry.classes())
                .hasSize(Models.get("detr_resnet50").input().classes())
                .startsWith("unused 0", "person", "bicycle")
                .endsWith("toothbrush")
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "width=30 heads=3 | detr: width must be a multiple of 4, for its positions, and of heads, got width=30, heads=3",
                "heads=7 | detr: width must be a multiple of 4, for its positions, and of heads, got width=256, heads=7",
                "decoders=0 | option decoders must be a whole number from 1 to 64, got 0",
                "queries=0 | option queries must be a whole number from 1 to 10000, got 0",
                "dropout=1 | option dropout must be a number from 0 to below 1, got 1.0",
                "backbone=mnist-cnn | backbone: 'mnist-cnn' has no feature maps of stride 32",
                "quries=5 | detr_resnet50: unknown option 'quries', did you mean 'queries'?"
            })
    void anOptionThatCannotBeIsRefused(String options, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> net("detr_resnet50 " + options, 2))
                .withMessageContaining(message);
    }

    @Test
    void anotherBackboneOfStages() {
        Detr net = Drawn.by(1, net(TINY.replace("(resnet18 depths=1,1,1,1 width=16)", "mobilenet_v3_small"), 2));
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = Tensor.rand(Random.of(new Seed(1)), 1, 3, 64, 96);
            assertThat(net.detect(images, net.limits()).get(0).count()).isEqualTo(8);
        }
    }

    @Test
    void weightsOfTheTransformerBeginWithinGlorotsLimit() {
        var net = Drawn.by(
                1,
                Models.create(
                        "detr_resnet50 backbone=resnet18 width=32 heads=4 hidden=64 encoders=1 decoders=1",
                        3,
                        64,
                        64,
                        2));
        for (String name : List.of(
                "transformer.encoder.layers.0.linear1.weight",
                "transformer.decoder.layers.0.multihead_attn.out_proj.weight")) {
            Tensor weight = net.state().tensors().get(name);
            double limit = Math.sqrt(6.0 / (weight.size(0) + weight.size(1)));
            assertThat(weight.abs().max().item()).as(name).isBetween(0.9 * limit, limit);
        }
    }
}
