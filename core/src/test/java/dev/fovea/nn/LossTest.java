package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;

class LossTest {

    private static final double[] TARGET = {0, 0.3, 1};

    private static Tensor row(double... values) {
        return Tensor.of(values, 1, values.length);
    }

    @Test
    void binaryCrossEntropyOfValuesTakesThemForProbabilities() {
        try (var scope = new Scope()) {
            double expected = -(Math.log(0.8) + 0.3 * Math.log(0.6) + 0.7 * Math.log(0.4) + Math.log(0.9)) / 3;
            Tensor values = row(0.2, 0.6, 0.9);
            assertThat(new Loss.BinaryCrossEntropy()
                            .ofValues(values, row(TARGET))
                            .item())
                    .isCloseTo(expected, within(1e-6));
            Tensor logits = values.log().sub(values.neg().add(1).log());
            assertThat(new Loss.BinaryCrossEntropy().of(logits, row(TARGET)).item())
                    .as("of logits")
                    .isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void binaryCrossEntropyOfValuesIsFiniteAtBothEndsAndLeastAtTheTarget() {
        try (var scope = new Scope()) {
            var loss = new Loss.BinaryCrossEntropy();
            assertThat(loss.ofValues(row(1, 0, 0), row(TARGET)).item()).isBetween(5.0, 30.0);
            assertThat(loss.ofValues(row(TARGET), row(TARGET)).item())
                    .isLessThan(loss.ofValues(row(0, 0.31, 1), row(TARGET)).item());
        }
    }

    @Test
    void aValueThatIsSureAndWrongStillLearns() {
        try (var scope = new Scope()) {
            Tensor values = row(1e-9, 1e-9, 0.999).requireGrad(true);
            new Loss.BinaryCrossEntropy().ofValues(values, row(1, 0, 1)).backward();
            assertThat(values.grad().toFloats()[0]).isLessThan(-1e8f);
        }
    }

    @Test
    void binaryCrossEntropyRefusesValuesThatAreNoProbabilities() {
        try (var scope = new Scope()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Loss.BinaryCrossEntropy().ofValues(row(-0.5, 0.5, 1.25), row(TARGET)))
                    .withMessage(
                            "loss.type=binary-cross-entropy: the network's values must lie between 0 and 1, got -0.500 to 1.25. End it with sigmoid, or use loss.type=mse");
        }
    }
}
