package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.List;
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

    private static final double[] LOGITS = {2, -1, 0.5, -3, 0.2, 4};
    private static final double[] THERE = {1, 0, 1, 0, 1, 0};

    private static Tensor two(double... values) {
        return Tensor.of(values, 2, 3);
    }

    /** Values from numpy, by the formulas written out. */
    @Test
    void binaryCrossEntropySmoothsLabelsAndWeighsThoseThatAreThere() {
        try (var scope = new Scope()) {
            Tensor logits = two(LOGITS);
            Tensor there = two(THERE);
            List<Double> weights = List.of(1.0, 2.0, 0.5);
            assertThat(new Loss.BinaryCrossEntropy(0.2, List.of())
                            .of(logits, there)
                            .item())
                    .isCloseTo(0.9748571, within(1e-6));
            assertThat(new Loss.BinaryCrossEntropy(0, weights).of(logits, there).item())
                    .isCloseTo(0.9900405, within(1e-6));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Loss.BinaryCrossEntropy(0, List.of(1.0)).of(logits, there))
                    .withMessage("loss.positiveWeights must be one per label, got 1 for 3 labels");
        }
    }

    /** Values from numpy, by equation 7 of the paper. */
    @Test
    void asymmetricLossEqualsItsFormula() {
        try (var scope = new Scope()) {
            Tensor logits = two(LOGITS).requireGrad(true);
            Tensor there = two(THERE);
            assertThat(new Loss.Asymmetric(0, 4, 0.05).of(logits, there).item()).isCloseTo(0.5380480, within(1e-6));
            assertThat(new Loss.Asymmetric(0, 0, 0).of(logits, there).item())
                    .isCloseTo(new Loss.BinaryCrossEntropy().of(logits, there).item(), within(1e-6));
            Tensor loss = new Loss.Asymmetric(1, 2, 0.2).of(logits, there);
            assertThat(loss.item()).isCloseTo(0.2325494, within(1e-6));
            loss.backward();
            assertThat(logits.grad().toFloats())
                    .containsExactly(
                            new float[] {-0.00236822f, 0.00016728f, -0.02375616f, 0, -0.0337749f, 0.00825859f},
                            within(1e-6f));
        }
    }

    @Test
    void asymmetricLossStaysFiniteWhereTheNetworkIsSureAndWrong() {
        try (var scope = new Scope()) {
            Tensor logits = row(-200, 200, 0).requireGrad(true);
            Tensor loss = new Loss.Asymmetric(0, 4, 0).of(logits, row(1, 0, 1));
            assertThat(loss.item()).isBetween(60.0, 100.0);
            loss.backward();
            assertThat(logits.grad().toFloats()[0]).isCloseTo(-1 / 3f, within(1e-6f));
        }
    }
}
