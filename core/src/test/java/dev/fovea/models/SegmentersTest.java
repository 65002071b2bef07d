package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.fovea.Drawn;
import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.State;
import dev.fovea.optim.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The published segmentation networks are those of torchvision 0.14 (see {@code test/oracle/segmenters.py}). */
class SegmentersTest {

    private static final int CLASSES = 5;
    private static final int HEIGHT = 41;
    private static final int WIDTH = 57;
    private static final int IGNORED = 255;

    /** Billions of multiply-adds of the auxiliary head at 520x520, which serves training alone and which the published figures count. */
    private static final double RESNETS = 65L * 65 * (1024 * 9 * 256 + 256 * 21) / 1e9;

    private static final double MOBILES = 65L * 65 * (40 * 9 * 10 + 10 * 21) / 1e9;

    @ParameterizedTest
    @CsvSource({
        "fcn_resnet50,35322218,152.717",
        "fcn_resnet101,54314346,232.738",
        "deeplabv3_resnet50,42004074,178.722",
        "deeplabv3_resnet101,60996202,258.743",
        "deeplabv3_mobilenet_v3_large,11029328,10.452",
        "lraspp_mobilenet_v3_large,3221538,2.086"
    })
    void hasThePublishedCounts(String name, long parameters, double gmacs) {
        double auxiliary = name.contains("resnet") ? RESNETS : name.startsWith("deeplab") ? MOBILES : 0;
        ModelEntry.Counts counts = Models.get(name).counts();
        assertThat(counts.parameters()).isEqualTo(parameters);
        assertThat(counts.gmacs() + auxiliary).isCloseTo(gmacs, withinPercentage(0.03));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fcn_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large"})
    void equalsTorchvision(String name) {
        parity(name);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"fcn_resnet101", "deeplabv3_resnet50", "deeplabv3_resnet101"})
    void aLargeOneEqualsTorchvision(String name) {
        parity(name);
    }

    private static void parity(String name) {
        JsonNode golden = Golden.read("segmenters/" + name + ".json");
        var net = (SegmentationNet) Models.create(name, 3, HEIGHT, WIDTH, CLASSES);
        assertThat(Zoo.digest(sorted(net.state())))
                .as("names and shapes")
                .isEqualTo(golden.get("digest").asString());
        Zoo.fill(net.state());
        net.state().train(false);
        Tensor images = Zoo.noise("image", 2, 3, HEIGHT, WIDTH).to(DType.FLOAT32);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            SegmentationNet.Outputs outputs = net.outputs(images);
            same(outputs.logits(), golden.get("eval"));
            assertThat(outputs.auxiliary()).as("serves training alone").isEmpty();
        }
        learnsAs(net, images, golden);
    }

    /** All heads, the loss and all gradients in training, with norms as in evaluation and nothing dropped. */
    static void learnsAs(SegmentationNet net, Tensor images, JsonNode golden) {
        net.state().train(true);
        net.state().dropout(false);
        still(net);
        // In float64 on both sides: in float32 rounding alone is a ten-thousandth of some gradients.
        net.state().replace(tensor -> tensor.type() == DType.FLOAT32 ? tensor.to(DType.FLOAT64) : tensor);
        try (var scope = new Scope()) {
            SegmentationNet.Outputs outputs = net.outputs(images.to(DType.FLOAT64));
            assertThat(outputs.auxiliary().isPresent()).isEqualTo(golden.has("aux"));
            outputs.auxiliary().ifPresent(logits -> same(logits, golden.get("aux")));
            Tensor loss = loss(net, outputs);
            assertThat(loss.item()).isCloseTo(golden.get("loss").asDouble(), within(1e-5));
            loss.backward();
            Map<String, Tensor> parameters = net.state().parameters();
            golden.get("gradients").properties().forEach(gradient -> {
                double wanted = gradient.getValue().asDouble();
                assertThat(parameters.get(gradient.getKey()).grad().norm().item())
                        .as(gradient.getKey())
                        .isCloseTo(wanted, within(1e-5 * wanted + 1e-9));
            });
        }
    }

    static String sorted(State state) {
        return Zoo.listing(state).lines().sorted().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Norms as in evaluation: of a few values those of training amplify rounding. */
    static void still(Module module) {
        if (module instanceof BatchNorm) {
            module.state().train(false);
        }
        if (module instanceof Net net) {
            net.children().values().forEach(SegmentersTest::still);
        }
    }

    /** Some of the values, within one in ten thousand of all of them. */
    static void same(Tensor found, JsonNode golden) {
        assertThat(found.shape()).containsExactly(Golden.shape(golden.get("shape")));
        double[] values = found.toDoubles();
        double[] wanted = Golden.array(golden.get("values"));
        double off = 0;
        double size = 0;
        for (int i = 0; i < wanted.length; i++) {
            off += Math.pow(values[i * golden.get("step").asInt()] - wanted[i], 2);
            size += Math.pow(wanted[i], 2);
        }
        assertThat(Math.sqrt(off / size)).isLessThan(1e-4);
    }

    /** Cross-entropy of all heads over the pixels that count, of stripes of all classes. */
    private static Tensor loss(SegmentationNet net, SegmentationNet.Outputs outputs) {
        long[] labels = labels();
        Tensor loss = crossEntropy(outputs.logits(), labels);
        return outputs.auxiliary().isPresent()
                ? loss.add(crossEntropy(outputs.auxiliary().get(), labels).mul(net.auxiliaryWeight()))
                : loss;
    }

    private static long[] labels() {
        long[] labels = new long[2 * HEIGHT * WIDTH];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int label = y < 9 && x < 13 ? IGNORED : (y / 7 + x / 11) % CLASSES;
                labels[y * WIDTH + x] = label;
                labels[(2 * HEIGHT - 1 - y) * WIDTH + x] = label;
            }
        }
        return labels;
    }

    private static Tensor crossEntropy(Tensor logits, long[] labels) {
        int classes = (int) logits.size(1);
        float[] counted = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != IGNORED) {
                counted[i * classes + (int) labels[i]] = 1;
            }
        }
        Tensor rows = logits.permute(0, 2, 3, 1).reshape(labels.length, classes).logSoftmax(1);
        double number = Arrays.stream(labels).filter(label -> label != IGNORED).count();
        return rows.mul(Tensor.of(counted, labels.length, classes).to(logits.type()))
                .sum()
                .mul(-1 / number);
    }

    static List<ModelEntry> reduced() {
        return ReducedModels.all().stream()
                .filter(entry -> entry.config().network() == SegmentationNet.class)
                .toList();
    }

    /** A few steps on two images teach all weights, and make the loss fall. */
    @ParameterizedTest
    @MethodSource("reduced")
    void everyWeightLearns(ModelEntry entry) {
        var net = Drawn.by(7, (SegmentationNet) entry.create(3, HEIGHT, WIDTH, CLASSES));
        Tensor images = Zoo.noise("image", 2, 3, HEIGHT, WIDTH).to(DType.FLOAT32);
        var updater = Optimizer.adamW(3e-3).updater(net.state().parameters());
        double first = 0;
        double last = 0;
        for (int step = 0; step < 12; step++) {
            try (var scope = new Scope()) {
                SegmentationNet.Outputs outputs = net.outputs(images);
                Tensor loss = loss(net, outputs);
                Tensor all = outputs.presence().isPresent()
                        ? loss.add(outputs.presence().get().softplus().mean())
                        : loss;
                first = step == 0 ? all.item() : first;
                last = all.item();
                all.backward();
                if (step == 1) {
                    assertThat(net.state().parameters())
                            .allSatisfy((name, weight) -> assertThat(weight.hasGrad()
                                            && weight.grad().abs().max().item() > 0)
                                    .as(name)
                                    .isTrue());
                }
                updater.step(3e-3);
                updater.clearGradients();
            }
        }
        assertThat(last).isLessThan(0.9 * first);
    }

    @ParameterizedTest
    @MethodSource("reduced")
    void takesImagesOfEverySize(ModelEntry entry) {
        var net = Drawn.by(7, (SegmentationNet) entry.create(3, HEIGHT, WIDTH, CLASSES));
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            for (int[] size : new int[][] {{65, 97}, {64, 96}, {41, 33}, {90, 120}}) {
                assertThat(net.forward(Tensor.ones(1, 3, size[0], size[1])).shape())
                        .containsExactly(1, CLASSES, size[0], size[1]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unet|resnet18 depths=1,1,1,1 width=16",
                "unet|mobilenet_v2 width=0.25 depth=0.5",
                "unet|densenet121 depths=1,2,1,1 growth=16",
                "unet|convnext_tiny depths=1,1,1,1 widths=8,16,16,32",
                "unet|mit_b0 depths=1,1,1,1",
                "fpn|efficientnet_b0 width=0.25 depth=0.1",
                "fpn|vgg11_bn depths=1,1,1,1,1 width=8 hidden=64",
                "deeplabv3plus outputStride=8|resnet50 depths=1,1,1,1 width=8",
                "deeplabv3plus|mobilenet_v3_large width=0.25",
                "deeplabv3plus outputStride=32|regnet_x_400mf depths=1,1,1,2 widths=16,16,24,32 group=8"
            })
    void standsOnAnyEncoder(String model, String encoder) {
        var net = Drawn.by(7, (SegmentationNet)
                Models.create("%s encoder=(%s)".formatted(model, encoder), 3, HEIGHT, WIDTH, CLASSES));
        assertThat(BackboneWeights.classifier("%s encoder=(%s)".formatted(model, encoder)))
                .contains(encoder);
        try (var scope = new Scope()) {
            Tensor images = Zoo.noise("image", 2, 3, HEIGHT, WIDTH).to(DType.FLOAT32);
            Tensor logits = net.forward(images);
            assertThat(logits.shape()).containsExactly(2, CLASSES, HEIGHT, WIDTH);
            crossEntropy(logits, labels()).backward();
            assertThat(net.state().parameters())
                    .allSatisfy((name, weight) ->
                            assertThat(weight.hasGrad()).as(name).isTrue());
        }
    }

    @Test
    void dilationMakesMapsFinerWithTheSameWeights() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            for (int stride : new int[] {8, 16, 32}) {
                var backbone = DilatedBackbone.of("resnet18", 3, stride);
                List<Tensor> maps = backbone.state().undrawn(() -> backbone.maps(Tensor.zeros(1, 3, 64, 96)));
                assertThat(maps.get(DilatedBackbone.FINE).shape()).containsExactly(1, 64, 16, 24);
                assertThat(maps.get(DilatedBackbone.LAST).shape()).containsExactly(1, 512, 64 / stride, 96 / stride);
                assertThat(maps).hasSameSizeAs(backbone.channels());
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("deeplabv3plus encoder=vgg11", 3, 64, 64, 2))
                .withMessage("backbone: 'vgg11' has no maps of stride 16 with dilated convolutions; residual networks "
                        + "have them of 8 and 16, mobilenet_v3_large of 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("deeplabv3plus outputStride=4", 3, 64, 64, 2))
                .withMessage("deeplabv3plus: outputStride must be 8, 16 or 32, got outputStride=4");
    }

    @Test
    void saysWhetherAClassIsAnywhereWhereAskedTo() {
        Tensor images = Zoo.noise("image", 2, 3, HEIGHT, WIDTH).to(DType.FLOAT32);
        for (String model : List.of("unet width=8", "fpn encoder=resnet18", "deeplabv3plus encoder=resnet18")) {
            var with = Drawn.by(7, (SegmentationNet) Models.create(model + " presence=true", 3, 64, 64, CLASSES));
            with.state().train(false);
            var without = Drawn.by(7, (SegmentationNet) Models.create(model, 3, 64, 64, CLASSES));
            without.state().train(false);
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                assertThat(with.outputs(images).presence().orElseThrow().shape())
                        .containsExactly(2, CLASSES);
                assertThat(without.outputs(images).presence()).isEmpty();
            }
        }
    }
}
