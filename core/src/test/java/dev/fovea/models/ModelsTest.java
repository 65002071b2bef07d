package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.Golden;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.NoValues;
import dev.fovea.engine.Op;
import dev.fovea.engine.Random;
import dev.fovea.engine.Recorder;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.nn.Summary;
import dev.fovea.nn.Traceable;
import dev.fovea.optim.Optimizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {

    static List<ModelEntry> entries() {
        return ReducedModels.all();
    }

    static List<ModelEntry> classifiers() {
        return entries().stream()
                .filter(entry -> entry.config().network() == Layer.class)
                .toList();
    }

    private static Module small(ModelEntry entry) {
        return Drawn.by(
                5, entry.create(entry.input().channels(), ReducedModels.side(entry), ReducedModels.side(entry), 10));
    }

    private static Tensor input(ModelEntry entry, int count) {
        var random = Random.of(new Seed(1));
        int side = ReducedModels.side(entry);
        return entry.input().frames() > 1
                ? Tensor.rand(random, count, entry.input().channels(), 4, side, side)
                : Tensor.rand(random, count, entry.input().channels(), side, side);
    }

    @ParameterizedTest
    @MethodSource("entries")
    void aBatchEqualsItsImagesOneByOne(ModelEntry entry) {
        Module net = small(entry);
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor x = input(entry, 4);
            Tensor all = Traceable.run(net, x);
            assertThat(all.size(0)).isEqualTo(4);
            float largest = Math.max(1, all.abs().max().toFloats()[0]);
            for (int i = 0; i < 4; i++) {
                assertThat(Traceable.run(net, x.narrow(0, i, 1)).toFloats())
                        .containsExactly(all.select(0, i).toFloats(), within(1e-4f * largest));
            }
        }
    }

    /** The log is complete if running it again, on other images, gives what the network gives. */
    @ParameterizedTest
    @MethodSource("entries")
    void isTheOperationsThatARecorderSees(ModelEntry entry) {
        Module net = small(entry);
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = input(entry, 2);
            Tensor others = images.flip(0).mul(0.9);
            try (var recorder = new Recorder()) {
                Tensor output = Traceable.run(net, images);
                Map<Integer, Tensor> tensors = new HashMap<>(recorder.given());
                tensors.put(recorder.number(images), others);
                int last = recorder.number(output);
                if (recorder.calls().stream().anyMatch(call -> call.op() == Op.READ)) {
                    assertThat(entry.name())
                            .as("the one that compares distances in Java")
                            .isEqualTo("patchcore");
                    return;
                }
                for (Recorder.Call call : List.copyOf(recorder.calls())) {
                    Tensor[] inputs = call.inputs().stream()
                            .map(value -> tensors.get(value.number()))
                            .toArray(Tensor[]::new);
                    List<Tensor> made = call.op().call(call.attributes(), inputs);
                    for (int i = 0; i < made.size(); i++) {
                        tensors.put(call.outputs().get(i).number(), made.get(i));
                    }
                }
                assertThat(tensors.get(last).toFloats())
                        .containsExactly(Traceable.run(net, others).toFloats());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void hasTheSameShapesWithoutValues(ModelEntry entry) {
        List<Long> shape = outputShape(entry);
        try (var shapes = new NoValues()) {
            assertThat(outputShape(entry)).isEqualTo(shape);
        }
    }

    private static List<Long> outputShape(ModelEntry entry) {
        Module net = entry.create(entry.input().channels(), ReducedModels.side(entry), ReducedModels.side(entry), 10);
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor output = net.state()
                    .undrawn(() ->
                            Traceable.run(net, Tensor.zeros(input(entry, 2).shape())));
            return Arrays.stream(output.shape()).boxed().toList();
        }
    }

    @Test
    void multiplyAddsAreThePublishedOnes() {
        Module net = Models.get("resnet18").create(3, 224, 224, 1000);
        assertThat(Summary.of(net, 3, 224, 224).macs()).isEqualTo(1_814_073_344L); // torchvision says 1.814 GFLOPS
    }

    static List<ModelEntry> smallClassifiers() {
        return classifiers().stream()
                .filter(entry -> entry.counts().parameters() < 15_000_000)
                .toList();
    }

    static List<ModelEntry> largeClassifiers() {
        return classifiers().stream()
                .filter(entry -> entry.counts().parameters() >= 15_000_000)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("smallClassifiers")
    void overfitsEightImages(ModelEntry entry) {
        overfits(entry);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("largeClassifiers")
    void aLargeNetworkOverfitsEightImages(ModelEntry entry) {
        overfits(entry);
    }

    private static void overfits(ModelEntry entry) {
        // SqueezeNet's last layer is a rectifier: a class whose logit falls below zero gets no gradient any more.
        double enough = entry.name().startsWith("squeezenet") ? 2 : entry.name().startsWith("alexnet") ? 0.5 : 0.1;
        Layer net = Layer.of(small(entry));
        var updater = Optimizer.adamW(1e-3).updater(net.state().parameters());
        Tensor x = input(entry, 8);
        Tensor labels = Tensor.of(new long[] {0, 1, 2, 3, 4, 5, 6, 7}, 8);
        double loss = 10;
        for (int step = 0; step < 150 && loss > enough; step++) {
            try (var scope = new Scope()) {
                Tensor value = Loss.crossEntropy().of(net.forward(x), labels);
                value.backward();
                updater.step(1e-3);
                updater.clearGradients();
                loss = value.item();
            }
        }
        assertThat(loss).isLessThan(enough);
    }

    static List<ModelEntry> convolutional() {
        return classifiers().stream()
                .filter(entry ->
                        !entry.name().startsWith("row-") && entry.input().frames() == 1)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("convolutional")
    void isCutAtItsFeatureMaps(ModelEntry entry) {
        var random = Random.of(new Seed(1));
        Layer net = Layer.of(small(entry));
        net.state().train(false);
        Tensor x =
                Tensor.rand(random, 1, entry.input().channels(), ReducedModels.side(entry), ReducedModels.side(entry));
        var maps = (FeatureMaps) net;
        FeatureMaps.Cut cut = maps.cut(x);
        assertThat(cut.maps().dims()).isEqualTo(4);
        assertThat(maps.features(x).dims()).isEqualTo(4);
        assertThat(cut.rest().apply(cut.maps()).toFloats())
                .containsExactly(net.forward(x).toFloats());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vae cod=8|vae: unknown option 'cod', did you mean 'code'? it takes code=16, width=32",
                "vae code|vae: option code needs a value, as in code=16",
                "vae code=|vae: option code needs a value, as in code=16",
                "vae code=8 code=9|vae: option code is given twice. Leave one out",
                "vae code=many|vae: option code must be a number, got 'many'",
                "conv-autoencoder activation=sigmod|option activation must be one of linear",
                "conv-autoencoder activation=sigmod|got 'sigmod', did you mean 'sigmoid'?",
                "zzzz|unknown model 'zzzz'. `models` lists all"
            })
    void saysWhichNameIsNear(String model, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create(model, 1, 32, 32, 10))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dncnn )=3\u001b[2J width=4", "encoder((a 4=4\n\u001b width=4), dense classes", "no\u001bnet"})
    void aMessageAboutAModelIsOneLine(String model) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create(model, 1, 32, 32, 10))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "\u001b"));
    }

    @Test
    void resNet18EqualsTorchvision() {
        var golden = Golden.read("golden.json").get("resnet18");
        Layer net = Layer.of(Models.get("resnet18").create(3, 64, 64, 7));
        assertThat(net.state().tensors().keySet()).containsExactlyInAnyOrderElementsOf(names(golden.get("names")));
        Golden.fill(net.state(), 0.05);
        net.state().train(false);
        double[] expected = Golden.array(golden.get("values"));
        double[] found = net.forward(Golden.wave(0, 0.5, 2, 3, 64, 64)).toDoubles();
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-6 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void inceptionSaysWhichImagesAreTooSmall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.get("inception_v3").create(3, 32, 32, 7))
                .withMessageContaining("at least 75x75, got 32x32");
    }

    @Test
    void resNet50HasTorchvisionsNames() {
        assertThat(Models.get("resnet50")
                        .create(3, 64, 64, 1000)
                        .state()
                        .tensors()
                        .keySet())
                .containsExactlyInAnyOrderElementsOf(
                        names(Golden.read("golden.json").get("resnet50Names")));
    }

    @Test
    void suggestsTheNearestName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.get("resnet-50"))
                .withMessage("unknown model 'resnet-50', did you mean 'resnet50'? `models` lists all "
                        + Models.all().size());
    }

    private static List<String> names(tools.jackson.databind.JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(n -> n.asString())
                .toList();
    }
}
