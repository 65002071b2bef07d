package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionSetsTest {

    private static final float[] SHARES = {0.1f, 0.6f, 0.3f};

    /** Rank ⌈(n + 1) coverage⌉, by hand; the scores are 0.01, 0.02, ... */
    @ParameterizedTest
    @CsvSource({"9, 0.9, 0.09", "9, 0.5, 0.05", "19, 0.95, 0.19", "20, 0.95, 0.20", "99, 0.9, 0.90", "100, 0.9, 0.91"})
    void boundIsTheScoreOfItsRank(int images, double coverage, double expected) {
        float[] held = new float[images];
        for (int i = 0; i < images; i++) {
            held[i] = (i + 1) / 100f;
        }
        assertThat(PredictionSets.of(held, coverage).highest()).isCloseTo(expected, within(1e-6));
    }

    @Test
    void tooFewHeldOutImagesAreRefusedWithWhatIsPossible() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PredictionSets.of(new float[18], 0.95))
                .withMessage(
                        "coverage: sets for 0.95 need 19 held-out images or more, there were 18. Ask for at most 0.947, or train with a larger validation part");
        assertThat(PredictionSets.of(new float[18], 0.947).highest()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, 95, Double.NaN})
    void coverageIsAShare(double coverage) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PredictionSets.of(new float[100], coverage))
                .withMessage("coverage: expected a share above 0 and below 1, such as 0.95, got " + coverage);
    }

    @Test
    void aSetHoldsWhatIsProbableEnoughAndIsNeverEmpty() {
        assertThat(new PredictionSets(0.7).set(SHARES)).containsExactly(1, 2);
        assertThat(new PredictionSets(1).set(SHARES)).containsExactly(1, 2, 0);
        assertThat(new PredictionSets(0).set(SHARES)).containsExactly(1);
    }

    /**
     * Held-out and new images are drawn alike, from a model that is badly calibrated: over many draws the sets hold the true
     * class as often as was asked for, and not much more often. Each of 400 draws has 100 held-out and 50 new images, so that
     * the mean deviates by about 0.002.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.8, 0.95})
    void setsHoldTheTrueClassAsOftenAsAskedFor(double coverage) {
        var random = new SplittableRandom(11);
        int right = 0;
        int asked = 0;
        for (int draw = 0; draw < 400; draw++) {
            float[] held = new float[100];
            for (int i = 0; i < held.length; i++) {
                int truth = random.nextInt(5);
                held[i] = PredictionSets.score(shares(random, truth), truth);
            }
            Arrays.sort(held);
            var sets = PredictionSets.of(held, coverage);
            for (int i = 0; i < 50; i++) {
                int truth = random.nextInt(5);
                float[] shares = shares(random, truth);
                // without the class that keeps a set from being empty, which covers more than is promised
                right += PredictionSets.score(shares, truth) <= sets.highest() ? 1 : 0;
                asked++;
            }
        }
        assertThat(right / (double) asked).isBetween(coverage - 0.01, coverage + 0.02);
    }

    /** Overconfident, and wrong in a good part of the images. */
    private static float[] shares(SplittableRandom random, int truth) {
        float[] logits = new float[5];
        for (int c = 0; c < 5; c++) {
            logits[c] = (float) (4 * random.nextGaussian()) + (c == truth ? 4 : 0);
        }
        return Softmax.of(logits, 2);
    }
}
