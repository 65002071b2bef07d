package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.Golden;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Recurrent.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Against {@code test/oracle/recurrent.py}. */
class RecurrentTest {

    static Stream<JsonNode> golden() {
        return StreamSupport.stream(Golden.read("recurrent.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void equalsPyTorchForwardAndBackward(JsonNode golden) {
        var net = new Recurrent(
                Cell.valueOf(golden.get("cell").asString()),
                3,
                4,
                golden.get("layers").asInt(),
                golden.get("bidirectional").asBoolean(),
                0);
        Golden.fill(net.state(), 0.5);
        List<String> names = new ArrayList<>();
        golden.get("names").forEach(name -> names.add(name.asString()));
        assertThat(net.state().parameters().keySet()).containsExactlyElementsOf(names);
        Tensor x = Golden.wave(0, 0.5, 2, 5, 3).requireGrad(true);
        Tensor y = net.forward(x);
        y.mul(Golden.wave(9, 0.5, y.shape())).sum().backward();
        assertThat(y.toDoubles()).containsExactly(Golden.array(golden.get("values")), within(1e-9));
        assertThat(x.grad().toDoubles()).containsExactly(Golden.array(golden.get("gradient")), within(1e-9));
        assertThat(net.state().get(names.get(0)).grad().toDoubles())
                .containsExactly(Golden.array(golden.get("weightGradient")), within(1e-9));
    }

    @ParameterizedTest
    @EnumSource
    void stepByStepWithItsStateGivesWhatTheWholeSequenceGives(Cell cell) {
        var random = Random.of(new Seed(2));
        var net = Drawn.by(2, new Recurrent(cell, 3, 5, 2, false, 0));
        Tensor x = Tensor.randn(random, 2, 6, 3);
        try (var noGrad = new NoGrad()) {
            float[] whole = net.forward(x).toFloats();
            List<Tensor> steps = new ArrayList<>();
            List<Tensor> state = net.zeros(x);
            for (int t = 0; t < 6; t++) {
                Recurrent.Run run = net.run(x.narrow(1, t, 1), state);
                steps.add(run.outputs());
                state = run.state();
            }
            assertThat(Tensor.cat(steps, 1).toFloats()).containsExactly(whole, within(1e-6f));
        }
    }

    @Test
    void theVanillaNetworkIsTheTextbooks() {
        var net = new Recurrent(Cell.RNN, 1, 1, 1, false, 0);
        try (var noGrad = new NoGrad()) {
            net.state().get("weight_ih_l0").fill_(0.5);
            net.state().get("weight_hh_l0").fill_(-0.8);
            net.state().get("bias_ih_l0").fill_(0.1);
        }
        double h1 = Math.tanh(0.5 * 2 + 0.1);
        double h2 = Math.tanh(0.5 * -1 - 0.8 * h1 + 0.1);
        assertThat(net.forward(Tensor.of(new float[] {2, -1}, 1, 2, 1)).toFloats())
                .containsExactly(new float[] {(float) h1, (float) h2}, within(1e-6f));
    }

    @Test
    void firstWeightsOfTheStateAreOrthogonalAndTheForgetGateIsOpen() {
        var net = new Recurrent(Cell.LSTM, 3, 6, 1, false, 0);
        Tensor gate = net.state().get("weight_hh_l0").detach().narrow(0, 6, 6);
        float[] product = gate.matmul(gate.transpose(0, 1)).toFloats();
        for (int i = 0; i < 36; i++) {
            assertThat(product[i]).isCloseTo(i / 6 == i % 6 ? 1 : 0, within(1e-5f));
        }
        float[] bias = net.state().get("bias_ih_l0").toFloats();
        assertThat(bias[5]).isZero();
        assertThat(bias[6]).isEqualTo(1);
        assertThat(bias[12]).isZero();
    }

    @Test
    void refusesASizeOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Recurrent(Cell.GRU, 3, 0, 1, false, 0))
                .withMessageContaining("hidden and layers must be positive");
    }
}
