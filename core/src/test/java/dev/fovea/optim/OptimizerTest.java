package dev.fovea.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import dev.fovea.nn.Dense;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OptimizerTest {

    private static Optimizer make(String name) {
        return switch (name) {
            case "sgd" -> new Optimizer.Sgd(0.1, 0.9, true, 0.01);
            case "adam" -> new Optimizer.Adam(0.05, 0.9, 0.999, 1e-8, 0.01);
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
    @ValueSource(strings = {"sgd", "adam", "adamw", "rmsprop"})
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
    @ValueSource(strings = {"sgd", "adam", "adamw", "rmsprop"})
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
    }
}
