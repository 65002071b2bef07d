package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {

    private static float[] normal(long seed, int count, double mean, int digits) {
        var random = new Random(seed);
        float[] values = new float[count];
        double step = Math.pow(10, -digits);
        for (int i = 0; i < count; i++) {
            values[i] = (float) (Math.round((mean + 0.3 * random.nextGaussian()) / step) * step);
        }
        return values;
    }

    /** Coarse numbers, so that many are equal. */
    private static Verification sample(int seed) {
        return new Verification(normal(seed, 70, 0.4, 2), normal(seed + 100, 300, 0, 2));
    }

    private static double share(float[] values, double threshold) {
        int accepted = 0;
        for (float value : values) {
            accepted += value >= threshold ? 1 : 0;
        }
        return accepted / (double) values.length;
    }

    private static List<Double> thresholds(Verification of) {
        var all = new ArrayList<Double>();
        for (float value : of.same()) {
            all.add((double) value);
            all.add((double) Math.nextUp(value));
        }
        for (float value : of.different()) {
            all.add((double) value);
            all.add((double) Math.nextUp(value));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void theEqualErrorRateIsThatOfTryingAllThresholds(int seed) {
        Verification of = sample(seed);
        double closest = Double.MAX_VALUE;
        var rates = new ArrayList<Double>();
        for (double threshold : thresholds(of)) {
            double far = share(of.different(), threshold);
            double frr = 1 - share(of.same(), threshold);
            if (Math.abs(far - frr) < closest - 1e-12) {
                rates.clear();
                closest = Math.abs(far - frr);
            }
            if (Math.abs(far - frr) < closest + 1e-12) {
                rates.add((far + frr) / 2);
            }
        }
        assertThat(rates).anySatisfy(rate -> assertThat(of.eer()).isCloseTo(rate, within(1e-9)));
        Verification.Point equal = of.equalError();
        assertThat(share(of.different(), equal.threshold())).isCloseTo(equal.far(), within(1e-9));
        assertThat(1 - share(of.same(), equal.threshold())).isCloseTo(equal.frr(), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.01, 0.1, 0.5})
    void trueAcceptanceIsTheBestAtNoMoreFalseAcceptance(double far) {
        for (int seed = 1; seed < 5; seed++) {
            Verification of = sample(seed);
            double best = thresholds(of).stream()
                    .filter(threshold -> share(of.different(), threshold) <= far)
                    .mapToDouble(threshold -> share(of.same(), threshold))
                    .max()
                    .orElseThrow();
            assertThat(of.tarAtFar(far)).isCloseTo(best, within(1e-9));
            assertThat(of.at(of.thresholdAtFar(far)).far()).isLessThanOrEqualTo(far);
        }
    }

    @Test
    void theAreaIsTheShareOfPairsInTheRightOrder() {
        Verification of = sample(7);
        double right = 0;
        for (float same : of.same()) {
            for (float different : of.different()) {
                right += same > different ? 1 : same == different ? 0.5 : 0;
            }
        }
        assertThat(of.auroc()).isCloseTo(right / of.same().length / of.different().length, within(1e-9));
    }

    @Test
    void theBestThresholdIsTheBestOfAll() {
        Verification of = sample(3);
        double best = thresholds(of).stream().mapToDouble(of::accuracy).max().orElseThrow();
        assertThat(of.accuracy(of.bestThreshold())).isCloseTo(best, within(1e-9));
    }

    @Test
    void theCurveRisesFromNoneToAll() {
        List<double[]> roc = sample(2).roc();
        assertThat(roc.get(0)[0]).isZero();
        assertThat(roc.get(roc.size() - 1)).containsExactly(1, 1);
        for (int i = 1; i < roc.size(); i++) {
            assertThat(roc.get(i)[0]).isGreaterThan(roc.get(i - 1)[0]);
            assertThat(roc.get(i)[1]).isGreaterThanOrEqualTo(roc.get(i - 1)[1]);
        }
    }

    @Test
    void withoutPairsOfOneKindThereIsNothingToMeasure() {
        var none = new Verification(new float[0], new float[] {0.1f});
        assertThat(List.of(none.eer(), none.auroc(), none.tarAtFar(0.01))).allMatch(value -> value.isNaN());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Verification(new float[] {Float.NaN}, new float[] {0}))
                .withMessageContaining("a similarity is not a number");
    }

    @Test
    void everyFoldIsToldByTheThresholdOfTheOthers() {
        // told apart between 0.4 and 0.6 in the first two folds, in the third only below 0.2
        var plain = new Verification(new float[] {0.6f, 0.7f}, new float[] {0.4f, 0.3f});
        var low = new Verification(new float[] {0.2f, 0.1f}, new float[] {0.0f, -0.1f});
        FoldedAccuracy folded = FoldedAccuracy.of(List.of(plain, plain, low));
        assertThat(folded.accuracies().get(2)).isEqualTo(0.5);
        double mean = folded.accuracies().stream().mapToDouble(a -> a).average().orElseThrow();
        assertThat(folded.mean()).isCloseTo(mean, within(1e-12));
        double variance = folded.accuracies().stream()
                        .mapToDouble(a -> (a - mean) * (a - mean))
                        .sum()
                / 2;
        assertThat(folded.standardError()).isCloseTo(Math.sqrt(variance) / Math.sqrt(3), within(1e-12));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FoldedAccuracy.of(List.of(plain)))
                .withMessage("a threshold is chosen on other folds, so there must be two or more, got 1");
    }

    @Test
    void ranksCountIdentitiesThatAreMoreSimilar() {
        List<float[]> gallery =
                List.of(new float[] {1, 0}, new float[] {0.8f, 0.6f}, new float[] {0.6f, 0.8f}, new float[] {0, 1});
        int[] known = {0, 1, 1, 2};
        List<float[]> probes = List.of(new float[] {1, 0}, new float[] {0.96f, 0.28f}, new float[] {1, 0});
        var found = Identification.of(gallery, known, probes, new int[] {0, 2, 9});
        assertThat(found.ranks()).containsExactly(1, 3, 0);
        assertThat(found.counted()).isEqualTo(2);
        assertThat(found.rank(1)).isEqualTo(0.5);
        assertThat(found.rank(3)).isEqualTo(1);
        assertThat(found.nearest()).containsExactly(0, 0, 0);
    }

    @Test
    void leavingOneOutAnImageIsNotItsOwnNeighbour() {
        List<float[]> images = List.of(new float[] {1, 0}, new float[] {0.8f, 0.6f}, new float[] {0, 1});
        var found = Identification.leaveOneOut(images, new int[] {0, 0, 1});
        assertThat(found.nearest()).containsExactly(1, 0, 1);
        assertThat(found.ranks()).containsExactly(1, 1, 0);
    }

    @Test
    void allPairsAreThereOnce() {
        var random = new Random(1);
        var images = new ArrayList<float[]>();
        int[] identities = new int[20];
        for (int i = 0; i < 20; i++) {
            images.add(NeighbourDistances.unit(new float[] {random.nextFloat(), random.nextFloat(), 1}));
            identities[i] = i / 4;
        }
        var pairs = SimilarityPairs.of(images, identities);
        assertThat(pairs.pairs()).hasSize(190).doesNotHaveDuplicates();
        assertThat(pairs.pairs().stream().filter(SimilarityPairs.Pair::same)).hasSize(30);
        assertThat(pairs.hardest(true, 2).get(0).similarity())
                .isEqualTo(pairs.verification().same()[0]);
        assertThat(pairs.hardest(false, 2).get(0).similarity())
                .isEqualTo(pairs.verification().different()[159]);
    }
}
