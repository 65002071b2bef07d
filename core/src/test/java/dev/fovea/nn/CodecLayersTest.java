package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.FiniteDifferences;
import dev.fovea.Golden;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import dev.fovea.io.FrequencyTable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecLayersTest {

    static Stream<Layer> layers() {
        return Stream.of(new DivisiveNorm(3, false), new DivisiveNorm(3, true), new FactorizedPrior(3));
    }

    @Test
    void divisiveNormIsItsFormula() {
        var norm = new DivisiveNorm(2, false);
        Golden.fill(norm.state(), 0.5);
        double[] beta = norm.state().get("beta").toDoubles();
        double[] gamma = norm.state().get("gamma").toDoubles();
        double[] x = {0.7, -1.3};
        double[] expected = new double[2];
        for (int i = 0; i < 2; i++) {
            double sum = beta[i] * beta[i] + 1e-6;
            for (int j = 0; j < 2; j++) {
                sum += gamma[2 * i + j] * gamma[2 * i + j] * x[j] * x[j];
            }
            expected[i] = x[i] / Math.sqrt(sum);
        }
        assertThat(norm.forward(Tensor.of(x, 1, 2, 1, 1)).toDoubles()).containsExactly(expected, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void gradientsEqualFiniteDifferences(Layer layer) {
        Golden.fill(layer.state(), 0.7);
        FiniteDifferences.check(layer, Golden.wave(2, 2.0, 2, 3, 2, 2));
    }

    @Test
    void aPriorsProbabilitiesOfAllNumbersMakeOne() {
        var prior = Drawn.by(1, new FactorizedPrior(4));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor numbers = Tensor.arange(801).sub(400).reshape(1, 1, 1, 801).expand(1, 4, 1, 801);
            float[] sums = prior.forward(numbers.to(dev.fovea.engine.DType.FLOAT32))
                    .sum(3)
                    .toFloats();
            assertThat(sums).hasSize(4).containsExactly(new float[] {1, 1, 1, 1}, within(1e-3f));
        }
    }

    @Test
    void frozenTablesCostWhatThePriorSays() {
        var prior = Drawn.by(2, new FactorizedPrior(3));
        assertThatIllegalStateException().isThrownBy(prior::tables).withMessageContaining("freeze it after training");
        prior.freeze();
        for (int c = 0; c < 3; c++) {
            FrequencyTable table = prior.tables().get(c);
            for (int value = -12; value <= 12; value++) {
                try (var scope = new Scope();
                        var noGrad = new NoGrad()) {
                    float p = prior.forward(Tensor.full(value, 1, 3, 1, 1)).toFloats()[c];
                    assertThat(table.bits(value)).isCloseTo(-Math.log(p) / Math.log(2), within(0.1));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, 0, 65_537, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesFrequenciesThatAreNone(long frequency) {
        var prior = new FactorizedPrior(2);
        prior.freeze();
        long[] frequencies = prior.state().get("frequencies").toLongs();
        frequencies[200] = frequency;
        try (var noGrad = new NoGrad()) {
            prior.state().get("frequencies").copy_(Tensor.of(frequencies, 2, 129));
        }
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(prior::tables)
                .withMessageStartingWith("the weights are damaged: of channel 1, frequencies: each is 1 or more");
    }
}
