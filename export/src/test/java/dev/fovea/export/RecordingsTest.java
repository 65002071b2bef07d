package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.engine.Op;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxValue.Dim;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RecordingsTest {

    private static final int SIDE = 16;

    /** A network whose second layer computes as a test has it. */
    private static final class Made extends Net implements Layer {

        private final Layer first = add("first", new Conv2d(3, 4, Conv2d.Window.of(3, 1, 1), 1, true));
        private final Layer second;

        Made(UnaryOperator<Tensor> second) {
            this.second = add("second", new Computed(second));
        }

        @Override
        public Tensor apply(Tensor x) {
            return second.forward(first.forward(x));
        }
    }

    private static final class Computed extends Net implements Layer {

        private final UnaryOperator<Tensor> function;

        Computed(UnaryOperator<Tensor> function) {
            this.function = function;
        }

        @Override
        public Tensor apply(Tensor x) {
            return function.apply(x);
        }
    }

    private static OnnxGraph graph(UnaryOperator<Tensor> second, boolean anySize) {
        var net = new Made(second);
        net.state().initialize(Random.of(new Seed(1)));
        net.state().train(false);
        return NetGraph.of(net, Signatures.of(net, Shape.of(3, SIDE, SIDE), 4), SIDE, SIDE, anySize, 17);
    }

    private static void refused(UnaryOperator<Tensor> second, String message) {
        assertThatExceptionOfType(NotExportableException.class)
                .isThrownBy(() -> graph(second, true))
                .withMessage(message);
    }

    @Test
    void namesTheLayerThatChangesATensorInPlace() {
        refused(
                x -> x.add(Tensor.zeros(1).add_(1)),
                "second: changes a tensor in place (%s), which no graph shows. Compute a new one".formatted(Op.ADD_));
        refused(
                x -> {
                    Tensor table = Tensor.zeros(1, 4, 1, 1);
                    table.narrow(1, 0, 2).fill_(1);
                    return x.add(table);
                },
                "second: changes a tensor in place (%s), which no graph shows. Compute a new one".formatted(Op.FILL_));
    }

    @Test
    void namesTheLayerThatReadsValues() {
        refused(
                x -> x.max().item() > 1e9 ? x : x.relu(),
                "second: reads values of a tensor and goes on in Java, which no graph shows. Compute with tensors alone");
    }

    @Test
    void namesTheLayerThatComputesSomethingElseEachTime() {
        var times = new int[1];
        refused(
                x -> times[0]++ % 2 == 0 ? x.relu() : x.sigmoid(),
                "second: what it computes depends on the values of its input (relu here, sigmoid there), so no graph fits all. Choose between tensors with where, not in Java");
    }

    @Test
    void namesTheLayerWhoseNumbersDiffer() {
        var times = new int[1];
        refused(
                x -> x.mul(++times[0]),
                "second: what it computes depends on the values of its input (other value of mul), so no graph fits all. Choose between tensors with where, not in Java");
    }

    @Test
    void namesTheLayerThatHangsOnTheBatch() {
        refused(
                x -> x.size(0) == 1 ? x.relu() : x.sigmoid(),
                "second: what it computes depends on how many images it sees at once (relu here, sigmoid there), so no graph fits all. Choose between tensors with where, not in Java");
    }

    @Test
    void namesAnOperationThatIsNotKnown() {
        refused(
                x -> Tensor.call("aten::erfinv", x).get(0),
                "second: operation 'aten::erfinv' has no form in ONNX that is known. Use others");
        refused(x -> x.isFinite(), "second: operation 'isFinite' has no form in ONNX that is known. Use others");
    }

    @Test
    void refusesRandomNumbers() {
        var random = Random.of(new Seed(1));
        refused(
                x -> x.add(Tensor.rand(random, x.shape())),
                "second: operation 'rand' has no form in ONNX that is known. Use others");
    }

    @Test
    void foldsWhatDoesNotHangOnTheImages() {
        OnnxGraph graph =
                graph(x -> x.mul(Tensor.arange(4).to(x.type()).exp().sin().reshape(1, 4, 1, 1)), true);
        assertThat(graph.nodes().stream().map(OnnxNode::op)).containsExactly("Conv", "Mul", "Identity");
        assertThat(graph.initializers().stream().map(OnnxTensor::name))
                .contains("first.weight", "first.bias", "second.reshape");
    }

    @Test
    void leavesBatchAndSizeFree() {
        OnnxGraph graph =
                graph(x -> x.reshape(x.size(0), 2, 2, x.size(2) * x.size(3)).sum(1, 2), true);
        assertThat(graph.inputs().get(0).dims())
                .containsExactly(Dim.any("batch"), Dim.of(3), Dim.any("height"), Dim.any("width"));
        assertThat(graph.outputs().get(0).dims()).containsExactly(Dim.any("batch"), Dim.any("logits_1"));
    }

    @Test
    void unevenSizesAreTriedToo() {
        assertThatExceptionOfType(SizeDependentException.class)
                .isThrownBy(() -> graph(x -> x.pad(0, 1 + x.size(3) % 2, 0, 0), true))
                .withMessageStartingWith("second");
        UnaryOperator<Tensor> ofEven = x -> {
            if (x.size(3) % 2 != 0) {
                throw new IllegalArgumentException("multiples of 2 alone");
            }
            return x.relu();
        };
        assertThat(graph(ofEven, true).inputs().get(0).dims().get(2)).isEqualTo(Dim.any("height"));
    }

    @Test
    void saysThatTheGraphIsForOneSize() {
        assertThatExceptionOfType(SizeDependentException.class)
                .isThrownBy(() -> graph(x -> x.mul(1.0 / x.size(3)), true))
                .withMessage("second: what it computes depends on the size of the images (other value of mul)");
        assertThat(graph(x -> x.mul(1.0 / x.size(3)), false).inputs().get(0).dims())
                .containsExactly(Dim.any("batch"), Dim.of(3), Dim.of(SIDE), Dim.of(SIDE));
    }

    @Test
    void findsSizesInOthers() {
        var batch = new Size(List.of(2L, 2L, 3L, 2L));
        var width = new Size(List.of(16L, 16L, 16L, 48L));
        var formulas = new SizeFormulas();
        formulas.add("images", List.of(batch, Size.fixed(3, 4), width));
        var dim = new SizeFormulas.Formula.Dim("images", 2);
        assertThat(formulas.find(width)).contains(dim);
        assertThat(formulas.find(new Size(List.of(4L, 4L, 4L, 12L))))
                .contains(new SizeFormulas.Formula.Of("Div", dim, new SizeFormulas.Formula.Number(4)));
        assertThat(formulas.find(new Size(List.of(17L, 17L, 17L, 49L))))
                .contains(new SizeFormulas.Formula.Of("Add", dim, new SizeFormulas.Formula.Number(1)));
        assertThat(formulas.find(new Size(List.of(32L, 32L, 48L, 96L)))).isPresent();
        assertThat(formulas.find(new Size(List.of(5L, 5L, 7L, 11L)))).isEmpty();
    }
}
