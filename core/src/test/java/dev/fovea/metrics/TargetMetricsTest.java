package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Metrics of several labels and of numbers; expected values from numpy. */
class TargetMetricsTest {

    private static final List<float[]> SCORES = List.of(
            new float[] {.9f, .2f, .6f},
            new float[] {.8f, .7f, .6f},
            new float[] {.3f, .1f, .2f},
            new float[] {.6f, .7f, .9f},
            new float[] {.1f, .4f, .3f});
    private static final List<boolean[]> TRUTH = List.of(
            new boolean[] {true, false, false},
            new boolean[] {false, true, true},
            new boolean[] {true, false, false},
            new boolean[] {true, true, true},
            new boolean[] {false, true, false});
    private static final MultiLabelResult.Scored SCORED = new MultiLabelResult.Scored(SCORES, TRUTH);

    @Test
    void averagePrecisionIsTheAreaBelowItsSteps() {
        assertThat(IntStream.range(0, 3).mapToDouble(i -> SCORED.curve(i).averagePrecision()))
                .satisfiesExactly(
                        value -> assertThat(value).isCloseTo(0.8055556, within(1e-6)),
                        value -> assertThat(value).isEqualTo(1),
                        value -> assertThat(value).isCloseTo(0.8333333, within(1e-6)));
        assertThat(SCORED.curve(2).points())
                .as("equal scores are one point")
                .extracting(PrecisionRecall.Point::recall)
                .containsExactly(0.5, 1.0, 1.0, 1.0);
    }

    @Test
    void theBestThresholdLiesBetweenTheScoresThatItParts() {
        assertThat(SCORED.curve(0).bestThreshold()).isCloseTo(0.2, within(1e-6));
        assertThat(SCORED.curve(1).bestThreshold()).isCloseTo(0.3, within(1e-6));
        assertThat(SCORED.curve(2).bestThreshold()).isCloseTo(0.45, within(1e-6));
        PrecisionRecall none = PrecisionRecall.of(new float[] {0.2f, 0.9f}, new boolean[2]);
        assertThat(none.bestThreshold()).isEqualTo(0.5);
        assertThat(none.averagePrecision()).isNaN();
    }

    @Test
    void labelsAreCountedByTheirOwnThresholds() {
        var result = MultiLabelResult.of(List.of("a", "b", "c"), SCORED, new double[] {.5, .35, .65}, 0.25);
        assertThat(result.perLabel())
                .extracting(MultiLabelResult.PerLabel::precision)
                .containsExactly(2 / 3.0, 1.0, 1.0);
        assertThat(result.perLabel())
                .extracting(MultiLabelResult.PerLabel::recall)
                .containsExactly(2 / 3.0, 1.0, 0.5);
        assertThat(result.values())
                .containsEntry("map", (0.8055555555555556 + 1 + 0.8333333333333333) / 3)
                .containsEntry("macroF1", (2 / 3.0 + 1 + 2 / 3.0) / 3)
                .containsEntry("microF1", 0.8)
                .containsEntry("exactMatch", 0.6)
                .containsEntry("loss", 0.25);
    }

    @Test
    void aLabelThatNoImageHasIsLeftOutOfTheMeans() {
        var scored = new MultiLabelResult.Scored(
                List.of(new float[] {.9f, .1f}, new float[] {.1f, .2f}),
                List.of(new boolean[] {true, false}, new boolean[] {false, false}));
        var result = MultiLabelResult.of(List.of("a", "b"), scored, new double[] {.5, .5}, 0);
        assertThat(result.meanAveragePrecision()).isEqualTo(1);
        assertThat(result.macroF1()).isEqualTo(1);
        assertThat(result.perLabel().get(1).recall()).isNaN();
    }

    @Test
    void errorsOfNumbersAreInTheirUnits() {
        List<float[]> truth =
                List.of(new float[] {1, 10}, new float[] {2, 20}, new float[] {3, 40}, new float[] {6, 50});
        List<float[]> predicted =
                List.of(new float[] {1.5f, 12}, new float[] {2, 15}, new float[] {2, 44}, new float[] {7, 50});
        var result = RegressionResult.of(List.of("size", "weight"), predicted, truth, 0.5);
        var size = result.perTarget().get(0);
        assertThat(size.mae()).isEqualTo(0.625);
        assertThat(size.rmse()).isEqualTo(0.75);
        assertThat(size.r2()).isCloseTo(0.8392857, within(1e-6));
        assertThat(size.bias()).isEqualTo(0.125);
        assertThat(size.meanMae()).isEqualTo(1.5);
        assertThat(result.values().get("mae")).isEqualTo((0.625 + 2.75) / 2);
        assertThat(result.values().get("rmse")).isCloseTo((0.75 + 3.3541020) / 2, within(1e-6));
        assertThat(result.values().get("r2")).isCloseTo((0.8392857 + 0.955) / 2, within(1e-6));
    }

    @Test
    void ofEqualTruthsNoVarianceIsExplained() {
        List<float[]> same = List.of(new float[] {3}, new float[] {3});
        assertThat(RegressionResult.of(List.of("n"), same, same, 0)
                        .perTarget()
                        .get(0)
                        .r2())
                .isNaN();
    }
}
