package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Loss;
import dev.fovea.task.Tasks;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WeightedLossTest {

    private static final JsonNode GOLDEN = Golden.read("learning.json");

    private static int[] counts() {
        return Arrays.stream(Golden.array(GOLDEN.get("imbalance").get("counts")))
                .mapToInt(v -> (int) v)
                .toArray();
    }

    private static Tensor logits() {
        return Golden.wave(0, 3, 6, 5).to(DType.FLOAT32);
    }

    private static Tensor labels() {
        return Tensor.of(new long[] {0, 1, 2, 3, 4, 1}, 6);
    }

    private static WeightedLoss of(Classification settings) {
        return new WeightedLoss(settings, Loss.crossEntropy(), counts());
    }

    @Test
    void weightsAreThoseOfTheEffectiveNumberOfImages() {
        assertThat(WeightedLoss.weights(counts(), 0.999))
                .containsExactly(Golden.array(GOLDEN.get("imbalance").get("effective")), within(1e-7));
        assertThat(WeightedLoss.weights(counts(), 1))
                .containsExactly(Golden.array(GOLDEN.get("imbalance").get("balanced")), within(1e-7));
        assertThat(WeightedLoss.weights(new int[] {10, 0, 10}, 1))
                .as("a class without images weighs nothing")
                .containsExactly(1, 0, 1);
    }

    @Test
    void aWeightedLossIsPyTorchsWithTheSameWeights() {
        List<Double> weights =
                Arrays.stream(WeightedLoss.weights(counts(), 1)).boxed().toList();
        double expected =
                new Loss.CrossEntropy(0, weights).of(logits(), labels()).item();
        assertThat(of(new Classification(1, 0, 0, 0)).of(logits(), labels()).item())
                .isCloseTo(expected, within(1e-5));
        Tensor shares = Tensor.of(new float[] {1, 0, 0, 0, 0, 0, 1, 0, 0, 0}, 2, 5);
        Tensor two = Tensor.of(new long[] {0, 1}, 2);
        Tensor some = logits().narrow(0, 0, 2);
        assertThat(of(new Classification(1, 0, 0, 0)).of(some, shares).item())
                .as("of mixed images")
                .isCloseTo(of(new Classification(1, 0, 0, 0)).of(some, two).item(), within(1e-5));
    }

    @Test
    void weightsThatAreDeferredBeginLater() {
        WeightedLoss loss = of(new Classification(1, 0.5, 0, 0));
        double plain = Loss.crossEntropy().of(logits(), labels()).item();
        loss.begin(2, 4);
        assertThat(loss.of(logits(), labels()).item()).isEqualTo(plain);
        loss.begin(3, 4);
        assertThat(loss.of(logits(), labels()).item()).isNotCloseTo(plain, within(1e-3));
    }

    @Test
    void logitsAreAdjustedByTheFrequenciesOfTheClasses() {
        double expected = GOLDEN.get("imbalance").get("adjusted").asDouble();
        assertThat(of(new Classification(0, 0, 1, 0)).of(logits(), labels()).item())
                .isCloseTo(expected, within(1e-5));
    }

    @Test
    void theLargestLossesAreLeftOutMoreAndMore() {
        WeightedLoss loss = of(new Classification(0, 0, 0, 0.5));
        float[] each = Loss.crossEntropy()
                .perImage()
                .orElseThrow()
                .apply(logits(), labels())
                .toFloats();
        loss.begin(1, 9);
        assertThat(loss.of(logits(), labels()).item())
                .isCloseTo(Loss.crossEntropy().of(logits(), labels()).item(), within(1e-5));
        loss.begin(4, 9);
        double smallest = Arrays.stream(sorted(each)).limit(3).average().orElseThrow();
        assertThat(loss.of(logits(), labels()).item()).isCloseTo(smallest, within(1e-5));
    }

    private static double[] sorted(float[] values) {
        double[] sorted = new double[values.length];
        Arrays.setAll(sorted, i -> values[i]);
        Arrays.sort(sorted);
        return sorted;
    }

    @Test
    void lossesThatResistWrongLabelsAreThoseOfTheirPapers() {
        GOLDEN.get("losses").properties().forEach(expected -> {
            Loss loss = Loss.defaults().stream()
                    .filter(one -> one.word().equals(expected.getKey()))
                    .findFirst()
                    .orElseThrow();
            assertThat(loss.of(logits(), labels()).item())
                    .as(expected.getKey())
                    .isCloseTo(expected.getValue().asDouble(), within(1e-5));
        });
    }

    @Test
    void theMeanOverImagesIsTheLoss() {
        for (Loss loss : List.of(new Loss.CrossEntropy(0.1, List.of()), new Loss.Focal(2))) {
            assertThat(loss.perImage()
                            .orElseThrow()
                            .apply(logits(), labels())
                            .mean()
                            .item())
                    .as(loss.word())
                    .isCloseTo(loss.of(logits(), labels()).item(), within(1e-5));
        }
    }

    @Test
    void refusesWhatMeansNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WeightedLoss(new Classification(1, 0, 0, 0), new Loss.Mse(), counts()))
                .withMessage(
                        "task.reweight needs a loss of each image, which cross-entropy, focal, generalized-cross-entropy, symmetric-cross-entropy have; got loss.type=mse");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WeightedLoss(
                        new Classification(0, 0, 0, 0.2), new Loss.CrossEntropy(0, List.of(1.0, 2.0)), counts()))
                .withMessageEndingWith("have without loss.classWeights; got loss.type=cross-entropy");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Classification(0, 0.5, 0, 0))
                .withMessage(
                        "task.deferred puts task.reweight off, which is 0. Set it to 1, or to 0.999, got task.deferred=0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.recipes().with(Tasks.ALL.recipe("cifar-cnn"), List.of("task.reweight=1.5")))
                .withMessageContaining("task.reweight must be 0 (off) to 1, got task.reweight=1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Loss.GeneralizedCrossEntropy(0))
                .withMessage("loss.q must be above 0 to 1, got loss.q=0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Loss.SymmetricCrossEntropy(0, 0))
                .withMessage(
                        "loss.alpha and loss.beta must be 0 or more and not both 0, got loss.alpha=0.0, loss.beta=0.0");
    }
}
