package dev.fovea.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.Device;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OptimizerTest {

    private static Optimizer make(String name) {
        return switch (name) {
            case "sgd" -> new Optimizer.Sgd(0.1, 0.9, true, 0.01);
            case "adam" -> new Optimizer.Adam(0.05, 0.9, 0.999, 1e-8, 0.01);
            case "muon" -> new Optimizer.Muon(0.05, 0.9, true, 0.1, 5, false, new Optimizer.Sgd(0.1, 0.9, true, 0.01));
            case "adamw" -> new Optimizer.AdamW(0.05, 0.9, 0.999, 1e-8, 0.1);
            default -> new Optimizer.RmsProp(0.01, 0.99, 1e-8, 0.5, 0.01);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "adam", "adamw", "rmsprop"})
    void takesPyTorchsTenSteps(String name) {
        JsonNode trace = Golden.read("golden.json").get("optimizers").get(name);
        Tensor p = Golden.wave(1, 0.5, 3, 4).requireGrad(true);
        Optimizer optimizer = make(name);
        Updater updater = optimizer.updater(Map.of("p", p));
        for (int step = 0; step < 10; step++) {
            step(p, updater, optimizer);
            assertThat(p.detach().toDoubles())
                    .as("step " + step)
                    .containsExactly(Golden.array(trace.get(step)), within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "adam", "adamw", "rmsprop", "muon"})
    void goesOnFromItsSavedStateAsIfNeverStopped(String name) {
        Optimizer optimizer = make(name);
        Tensor whole = Golden.wave(1, 0.5, 3, 4).requireGrad(true);
        Updater once = optimizer.updater(Map.of("p", whole));
        for (int i = 0; i < 3; i++) {
            step(whole, once, optimizer);
        }
        Map<String, Tensor> saved = new LinkedHashMap<>();
        once.tensors().forEach((key, tensor) -> saved.put(key, tensor.copy()));
        Tensor continued = whole.detach().copy().requireGrad(true);
        Updater again = optimizer.updater(Map.of("p", continued));
        again.restore(saved);
        step(whole, once, optimizer);
        step(continued, again, optimizer);
        assertThat(continued.detach().toDoubles())
                .containsExactly(whole.detach().toDoubles());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "adam", "adamw", "rmsprop", "muon"})
    void allThatAnOptimizerKeepsLiesBesideItsParameters(String name) {
        Tensor p = Tensor.zeros(3, 4).to(Device.META).requireGrad(true);
        assertThat(p.device()).isEqualTo(Device.META);
        assertThat(make(name).updater(Map.of("p", p)).tensors())
                .allSatisfy((key, tensor) -> assertThat(tensor.device()).isEqualTo(Device.META));
    }

    @Test
    void refusesTheStateOfAParameterOfAnotherShape() {
        Updater updater = make("adam").updater(Map.of("p", Tensor.zeros(3, 4).requireGrad(true)));
        var saved = new LinkedHashMap<>(updater.tensors());
        saved.put("p.mean", Tensor.zeros(4));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> updater.restore(saved))
                .withMessage("the checkpoint's 'p.mean' is [4], the optimizer's is [3, 4]");
    }

    private static void step(Tensor p, Updater updater, Optimizer optimizer) {
        Tensor difference = p.sub(Golden.wave(2, 0.5, 3, 4));
        difference.mul(difference).mul(Golden.wave(3, 0.5, 3, 4).abs()).sum().backward();
        updater.step(optimizer.lr());
        updater.clearGradients();
    }

    @ParameterizedTest
    @CsvSource({"wide, 3x4", "tall, 5x2", "kernel, 3x2x2x2"})
    void muonTakesTheStepsOfItsDescription(String name, String shape) {
        JsonNode trace = Golden.read("learning.json").get("muon").get(name);
        long[] sizes =
                Arrays.stream(shape.split("x")).mapToLong(Long::parseLong).toArray();
        var optimizer = name.equals("kernel")
                ? new Optimizer.Muon(0.2, 0.6, true, 0, 3, true, Optimizer.adamW(1e-3))
                : (Optimizer.Muon) make("muon");
        Tensor p = Golden.wave(1, 0.5, sizes).channelsLast().requireGrad(true);
        // In float32: bfloat16 has three digits, and the iteration drives neighbouring values apart.
        Updater updater = new MuonUpdater(optimizer, Map.of("p", p), Roles.ALIKE, Precision.FP32);
        for (int step = 0; step < 4; step++) {
            Tensor difference = p.sub(Golden.wave(2, 0.5, sizes));
            difference
                    .mul(difference)
                    .mul(Golden.wave(3, 0.5, sizes).abs())
                    .sum()
                    .backward();
            updater.step(optimizer.lr());
            updater.clearGradients();
            assertThat(p.detach().toDoubles())
                    .as("step " + step)
                    .containsExactly(Golden.array(trace.get(step)), within(1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void muonBringsAllSingularValuesNearOneInEitherPrecision(Precision precision) {
        Tensor matrix = Tensor.randn(Random.of(new Seed(6)), 12, 20);
        Tensor step = MuonUpdater.orthogonal(matrix, 5, precision);
        float[] squares =
                step.matmul(step.transpose(0, 1)).symmetricEigen().get(0).toFloats();
        for (float square : squares) {
            assertThat(Math.sqrt(square)).isBetween(0.6, 1.3);
        }
        double alike = step.mul(matrix).sum().item();
        assertThat(alike).as("in the direction of the gradient").isPositive();
    }

    @Test
    void muonLeavesBiasesTokensAndTheEndsOfTheNetworkToAnotherOptimizer() {
        var parameters = new LinkedHashMap<String, Tensor>();
        for (String name : List.of("stem", "hidden", "head")) {
            parameters.put(name, Golden.wave(1, 0.5, 3, 4).requireGrad(true));
        }
        parameters.put("bias", Golden.wave(1, 0.5, 4).requireGrad(true));
        parameters.put("token", Golden.wave(1, 0.5, 1, 1, 4).requireGrad(true));
        Optimizer muon = new Optimizer.Muon(0.02, 0.9, true, 0, 5, false, new Optimizer.Sgd(0.5, 0, false, 0));
        Updater updater = muon.updater(parameters, new Roles(Map.of(), Set.of("stem", "head")));
        parameters.values().forEach(p -> p.sum().backward());
        updater.step(0.01);
        for (String name : List.of("stem", "head", "bias", "token")) {
            Tensor p = parameters.get(name).detach();
            assertThat(Golden.wave(1, 0.5, p.shape()).sub(p).toDoubles())
                    .as("%s at half the rate of the rest, as the schedule says for Muon's", name)
                    .containsOnly(new double[] {0.25}, within(1e-9));
        }
        assertThat(updater.tensors()).containsOnlyKeys("hidden.momentum");
    }

    @Test
    void ratesOfBiasesAndOfLayersAreTheirOwn() {
        Tensor weight = Tensor.zeros(2, 2).requireGrad(true);
        Tensor bias = Tensor.zeros(2).requireGrad(true);
        Updater updater = new Optimizer.Sgd(0.1, 0, false, 0, 64)
                .updater(Map.of("weight", weight, "bias", bias), new Roles(Map.of("weight", 0.5), Set.of()));
        weight.sum().add(bias.sum()).backward();
        updater.step(0.1);
        assertThat(weight.detach().toFloats()).containsOnly(-0.05f);
        assertThat(bias.detach().toFloats()).containsOnly(-6.4f);
    }

    @Test
    void lookAheadSetsBackToWhatFollows() {
        var layer = new Dense(1, 1, false);
        Tensor weight = layer.state().get("weight");
        weight.detach().fill_(0);
        var slow = new LookAhead(layer.state(), 5);
        double[] trace = Golden.array(Golden.read("learning.json").get("lookAhead"));
        for (int step = 1; step <= 10; step++) {
            weight.detach().add_(1);
            slow.update(step, 10, false);
            assertThat(weight.detach().item()).as("step " + step).isCloseTo(trace[step - 1], within(1e-5));
        }
        weight.detach().add_(3);
        slow.update(11, 11, true);
        double kept = Math.pow(0.95, 5);
        assertThat(weight.detach().item())
                .as("at the end of an epoch in any case")
                .isCloseTo(trace[9] * kept + (trace[9] + 3) * (1 - kept), within(1e-5));
    }

    @Test
    void aPlainMeanIsOfAllThatWasTakenIn() {
        var layer = new Dense(1, 1, false);
        Tensor weight = layer.state().get("weight");
        weight.detach().fill_(100);
        var mean = new WeightAverage(layer.state(), 1);
        for (int value : new int[] {1, 2, 6}) {
            weight.detach().fill_(value);
            mean.update();
        }
        mean.swap();
        assertThat(weight.detach().item()).isCloseTo(3, within(1e-6));
        assertThat(mean.updates()).isEqualTo(3);
    }

    /** As PyTorch's AveragedModel and update_bn have it. */
    @Test
    void theMeanOfNetworksTakesTheStatisticsOfItsNormsAnew() {
        Layer net = LayerText.build("conv 3 1 bias=0, batchnorm", 2, 3, 3, 3);
        Golden.fill(net.state(), 0.5);
        var mean = new WeightAverage(net.state(), 1);
        for (int k = 1; k <= 3; k++) {
            net.state().parameters().get("0.weight").detach().copy_(Golden.wave(k, 0.5, 3, 2, 1, 1));
            net.state().parameters().get("1.weight").detach().fill_(1);
            net.state().parameters().get("1.bias").detach().copy_(Golden.wave(k + 3, 0.5, 3));
            mean.update();
        }
        mean.swap();
        net.state().newShare(1);
        net.forward(Golden.wave(7, 0.5, 2, 2, 3, 3));
        net.state().newShare(0.5);
        net.forward(Golden.wave(8, 2, 2, 2, 3, 3));
        Golden.read("learning.json")
                .get("swa")
                .properties()
                .forEach(expected -> assertThat(net.state()
                                .tensors()
                                .get(expected.getKey())
                                .detach()
                                .toDoubles())
                        .as(expected.getKey())
                        .containsExactly(Golden.array(expected.getValue()), within(1e-7)));
    }

    @Test
    void decayLeavesBiasesAlone() {
        var layer = new Dense(3, 2, true);
        float[] bias = layer.state().get("bias").detach().toFloats();
        double weight = layer.state().get("weight").detach().abs().sum().item();
        Updater updater = new Optimizer.AdamW(0.1, 0.9, 0.999, 1e-8, 0.5)
                .updater(layer.state().parameters());
        layer.forward(Tensor.ones(1, 3)).mul(0).sum().backward();
        updater.step(0.1);
        assertThat(layer.state().get("bias").detach().toFloats()).containsExactly(bias);
        assertThat(layer.state().get("weight").detach().abs().sum().item()).isLessThan(weight);
    }

    @Test
    void clippingScalesToTheLimitAndReturnsTheNormBefore() {
        Tensor a = Tensor.zeros(2).requireGrad(true);
        Tensor b = Tensor.zeros(1).requireGrad(true);
        a.mul(Tensor.of(new float[] {3, 0}, 2)).sum().add(b.mul(4).sum()).backward();
        assertThat(Gradients.norm(List.of(a, b))).isCloseTo(5, within(1e-6));
        assertThat(Gradients.clip(List.of(a, b), 1)).isCloseTo(5, within(1e-6));
        assertThat(a.grad().toFloats()).containsExactly(new float[] {0.6f, 0}, within(1e-5f));
        assertThat(b.grad().toFloats()).containsExactly(new float[] {0.8f}, within(1e-5f));
    }

    @Test
    void averageFollowsTheWeightsAndSwapsBack() {
        var layer = new Dense(1, 1, false);
        Tensor weight = layer.state().get("weight");
        weight.detach().fill_(0);
        var average = new WeightAverage(layer.state(), 0.5);
        weight.detach().fill_(1);
        average.update();
        average.swap();
        assertThat(weight.detach().item()).isCloseTo(1 - 2.0 / 11, within(1e-6));
        average.swap();
        assertThat(weight.detach().item()).isEqualTo(1);
    }

    @Test
    void refusesSettingsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.adam(-1))
                .withMessage("optimizer.lr must be positive, got optimizer.lr=-1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Optimizer.Sgd(0.1, 0, true, 0))
                .withMessage("optimizer.nesterov needs momentum above 0, got optimizer.momentum=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Optimizer.Sgd(0.1, 0, false, 0, 0))
                .withMessage("optimizer.biasScale must be positive, got optimizer.biasScale=0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Optimizer.Muon(0.02, 0.9, true, 0, 0, false, Optimizer.adam(1)))
                .withMessage("optimizer.steps must be 1 to 20, got optimizer.steps=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Optimizer.Muon(0.02, 0.9, true, 0, 5, false, Optimizer.muon(1)))
                .withMessage("optimizer.rest is for what muon does not change, expected another optimizer than muon");
    }
}
