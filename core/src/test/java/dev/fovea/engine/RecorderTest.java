package dev.fovea.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecorderTest {

    private final Tensor x = Tensor.ones(2, 3, 8, 8);
    private final Tensor weight = Tensor.ones(4, 3, 3, 3);

    private static List<Op> ops(Recorder recorder) {
        return recorder.calls().stream().map(Recorder.Call::op).toList();
    }

    @Test
    void seesAllInputsAndAttributesOfAConvolution() {
        Tensor bias = Tensor.zeros(4);
        try (var recorder = new Recorder()) {
            Tensor y = x.conv2d(weight, bias, 2, 1, 1, 1);
            Recorder.Call call = recorder.calls().get(0);
            assertThat(call.op()).isEqualTo(Op.CONV2D).hasToString("conv2d");
            assertThat(call.op().names()).containsExactly("stride", "padding", "dilation", "groups");
            assertThat(call.attributes().values())
                    .containsExactly(new long[] {2, 2}, new long[] {1, 1}, new long[] {1, 1}, 1L);
            assertThat(recorder.given().values()).containsExactly(x, weight, bias);
            assertThat(call.inputs())
                    .extracting(Recorder.Value::number)
                    .containsExactlyElementsOf(recorder.given().keySet());
            assertThat(call.outputs()).extracting(Recorder.Value::shape).containsExactly(List.of(2L, 4L, 4L, 4L));
            assertThat(call.outputs().get(0).number()).isEqualTo(recorder.number(y));
        }
    }

    @Test
    void anInputThatIsNotGivenKeepsItsPlace() {
        try (var recorder = new Recorder()) {
            x.conv2d(weight, null, 1, 0, 1, 1);
            assertThat(recorder.calls().get(0).inputs())
                    .extracting(Recorder.Value::present)
                    .containsExactly(true, true, false);
        }
    }

    @Test
    void whatIsChangedInPlaceStaysTheSameTensor() {
        try (var recorder = new Recorder()) {
            Tensor y = x.relu();
            y.add_(1).mul_(2);
            assertThat(ops(recorder)).containsExactly(Op.RELU, Op.ADD_, Op.MUL_);
            assertThat(recorder.calls())
                    .allSatisfy(
                            call -> assertThat(call.outputs().get(0).number()).isEqualTo(recorder.number(y)));
        }
    }

    @Test
    void anyOperatorOfLibtorchCanBeCalledAndIsSeen() {
        Tensor row = Tensor.of(new float[] {1, 2, 3}, 3);
        try (var recorder = new Recorder()) {
            List<Tensor> rolled = Tensor.call("aten::roll", row, new long[] {1}, new long[] {0});
            assertThat(rolled).hasSize(1);
            assertThat(rolled.get(0).toFloats()).containsExactly(3, 1, 2);
            assertThat(Tensor.call("aten::topk", row, 2L, 0L, true, true)).hasSize(2);
            assertThat(Tensor.call("aten::sum.dim_IntList", Tensor.ones(2, 3), new long[] {1}, false, null)
                            .get(0)
                            .toFloats())
                    .containsExactly(3, 3);
            Recorder.Call call = recorder.calls().get(0);
            assertThat(call.op()).isEqualTo(Op.CALL);
            assertThat(call.attributes().values().get(0)).isEqualTo("aten::roll");
            assertThat(call.op()
                            .call(call.attributes(), Tensor.of(new float[] {4, 5}, 2))
                            .get(0)
                            .toFloats())
                    .containsExactly(5, 4);
        }
    }

    @Test
    void anUnknownOperatorIsNamed() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> Tensor.call("aten::no_such_thing", x))
                .withMessageContaining("no_such_thing");
    }

    @Test
    void seesItsOwnThreadWhileItIsOpenAndTheInnermostSees() throws InterruptedException {
        try (var outer = new Recorder()) {
            try (var inner = new Recorder()) {
                x.relu();
                assertThat(ops(inner)).containsExactly(Op.RELU);
            }
            x.tanh();
            var other = new Thread(() -> x.exp());
            other.start();
            other.join();
            assertThat(ops(outer)).containsExactly(Op.TANH);
        }
        x.sigmoid();
    }
}
