package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.FiniteDifferences;
import dev.fovea.Golden;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Models;
import dev.fovea.nn.Recurrent.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Against {@code test/oracle/sequences.py}. */
class SequencesTest {

    private static Stream<JsonNode> golden(String name) {
        return StreamSupport.stream(Golden.read("sequences.json").get(name).spliterator(), false);
    }

    static Stream<JsonNode> packed() {
        return golden("packed");
    }

    static Stream<JsonNode> video() {
        return golden("video");
    }

    @ParameterizedTest
    @MethodSource("packed")
    void sequencesOfDifferentLengthsEqualPyTorchsPackedOnes(JsonNode golden) {
        var net = new Recurrent(Cell.valueOf(golden.get("cell").asString()), 3, 4, 2, true, 0);
        Golden.fill(net.state(), 0.5);
        var run = net.run(Golden.wave(0, 0.5, 3, 5, 3), new int[] {2, 5, 3});
        assertThat(run.outputs().toDoubles()).containsExactly(Golden.array(golden.get("values")), within(1e-9));
        assertThat(run.state().get(0).toDoubles()).containsExactly(Golden.array(golden.get("state")), within(1e-9));
    }

    @ParameterizedTest
    @EnumSource
    void whatStandsInPaddedStepsChangesNothing(Cell cell) {
        var random = Random.of(new Seed(3));
        var net = Drawn.by(2, new Recurrent(cell, 3, 5, 1, true, 0));
        Tensor x = Tensor.randn(random, 2, 6, 3);
        try (var noGrad = new NoGrad()) {
            Tensor other = x.copy();
            other.select(0, 0).narrow(0, 4, 2).fill_(100);
            int[] lengths = {4, 6};
            assertThat(net.run(other, lengths).outputs().toFloats())
                    .containsExactly(net.run(x, lengths).outputs().toFloats());
            float[] alone = net.forward(x.narrow(0, 0, 1).narrow(1, 0, 4)).toFloats();
            float[] beside = net.run(x, lengths)
                    .outputs()
                    .select(0, 0)
                    .narrow(0, 0, 4)
                    .contiguous()
                    .toFloats();
            assertThat(beside).containsExactly(alone, within(1e-6f));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> net.run(x, new int[] {0, 6}))
                .withMessage("recurrent: lengths must be 2 numbers from 1 to 6, got [0, 6]");
    }

    @Test
    void truncationKeepsTheOutputsAndCutsTheGradient() {
        var random = Random.of(new Seed(4));
        var net = Drawn.by(2, new Recurrent(Cell.GRU, 2, 3, 1, false, 0));
        Tensor x = Tensor.randn(random, 1, 6, 2);
        Tensor whole = x.copy().requireGrad(true);
        Tensor cut = x.copy().requireGrad(true);
        Tensor outputs = net.forward(whole);
        Tensor truncated = net.runTruncated(cut, 2).outputs();
        assertThat(truncated.toFloats()).containsExactly(outputs.toFloats(), within(1e-6f));
        outputs.select(1, 5).sum().backward();
        truncated.select(1, 5).sum().backward();
        assertThat(whole.grad().select(1, 0).abs().max().item()).isPositive();
        assertThat(cut.grad().narrow(1, 0, 4).abs().max().item()).isZero();
        assertThat(cut.grad().narrow(1, 4, 2).abs().max().item()).isPositive();
    }

    @Test
    void theTransformerEncoderEqualsPyTorchsAndSeesNoPadding() {
        var golden = Golden.read("sequences.json").get("encoder");
        var block = new TransformerBlock(8, 2, false);
        Golden.fill(block.state(), 0.3);
        Tensor x = Golden.wave(0, 0.5, 2, 4, 8).requireGrad(true);
        Tensor mask = Tensor.of(new double[] {1, 1, 1, 0, 1, 1, 1, 1}, 2, 4);
        Tensor y = block.forward(x, mask);
        y.mul(Golden.wave(9, 0.5, y.shape())).sum().backward();
        double[] values = Golden.array(golden.get("values"));
        assertThat(y.toDoubles()).containsExactly(values, within(1e-5));
        assertThat(x.grad().toDoubles()).containsExactly(Golden.array(golden.get("gradient")), within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void positionsTellStepsApart(int most) {
        var positions = Drawn.by(5, new Positions(most, 8));
        Tensor y = positions.forward(Tensor.zeros(1, 6, 8));
        List<String> rows = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            rows.add(Arrays.toString(y.select(0, 0).select(0, t).toFloats()));
        }
        assertThat(rows).doesNotHaveDuplicates();
    }

    @Test
    void learnedPositionsEndSomewhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Positions(4, 8).forward(Tensor.zeros(1, 5, 8)))
                .withMessage("positions: 5 steps are more than the 4 that were learned");
    }

    @Test
    void aCausalConvolutionSeesNoLaterStep() {
        var random = Random.of(new Seed(6));
        var conv = Drawn.by(5, new TemporalConv(2, 3, 3, 2));
        Tensor x = Tensor.randn(random, 1, 8, 2).requireGrad(true);
        conv.forward(x).select(1, 5).sum().backward();
        for (int t = 0; t < 8; t++) {
            double seen = x.grad().select(1, t).abs().max().item();
            if (t == 1 || t == 3 || t == 5) {
                assertThat(seen).isPositive();
            } else {
                assertThat(seen).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 2", "8, 2", "9, 3", "2, 4", "1, 2"})
    void everySoManiethStepIsThatOfTheWholeSequence(int steps, int stride) {
        Tensor x = Golden.wave(2, 1.0, 2, steps, 2);
        var whole = new TemporalConv(2, 3, 3, 2);
        var strided = new TemporalConv(2, 3, 3, 2, stride);
        Golden.fill(whole.state(), 0.6);
        Golden.fill(strided.state(), 0.6);
        Tensor all = whole.forward(x);
        Tensor some = strided.forward(x);
        for (int i = 1; i <= some.size(1); i++) {
            assertThat(some.select(1, some.size(1) - i).toFloats())
                    .containsExactly(all.select(1, steps - 1 - (i - 1) * stride).toFloats(), within(1e-6f));
        }
        assertThat(some.size(1)).isEqualTo((steps + stride - 1) / stride);
    }

    static Stream<Layer> layers() {
        return Stream.of(
                new TemporalConv(3, 4, 2, 2),
                new TemporalConv(3, 4, 3, 1, 2),
                new Positions(5, 3),
                Conv3d.cube(3, 2, 1),
                new Recurrent(Cell.LSTM, 3, 2, 2, true, 0));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void gradientsEqualFiniteDifferences(Layer layer) {
        Golden.fill(layer.state(), 0.6);
        FiniteDifferences.check(
                layer, layer instanceof Conv3d ? Golden.wave(2, 1.0, 1, 3, 3, 3, 3) : Golden.wave(2, 1.0, 2, 5, 3));
    }

    @ParameterizedTest
    @MethodSource("video")
    void videoNetworksHaveTorchvisionsNamesCountsAndValues(JsonNode golden) {
        var entry = Models.get(golden.get("name").asString());
        assertThat(entry.counts().parameters())
                .isEqualTo(golden.get("parameters").asLong());
        Layer net = Layer.of(entry.create(3, 32, 32, 7));
        List<String> names = new ArrayList<>();
        golden.get("names").forEach(name -> names.add(name.asString()));
        assertThat(net.state().tensors().keySet()).containsExactlyInAnyOrderElementsOf(names);
        Golden.fill(net.state(), 0.05);
        net.state().train(false);
        double[] expected = Golden.array(golden.get("values"));
        double[] found = net.forward(Golden.wave(0, 0.5, 1, 3, 4, 32, 32)).toDoubles();
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-6 * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
