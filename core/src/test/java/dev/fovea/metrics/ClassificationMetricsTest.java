package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTest {

    private static float log(double p) {
        return (float) Math.log(p);
    }

    private static ClassificationResult three() {
        var metrics = new ClassificationMetrics(List.of("a", "b", "c"));
        metrics.add(new float[] {log(.7), log(.2), log(.1), log(.4), log(.5), log(.1)}, new long[] {0, 0});
        metrics.add(new float[] {log(.2), log(.6), log(.2), log(.3), log(.3), log(.4)}, new long[] {1, 2});
        return metrics.result();
    }

    @Test
    void countsByHand() {
        ClassificationResult r = three();
        assertThat(r.accuracy()).isEqualTo(0.75);
        assertThat(r.loss()).isCloseTo(-(Math.log(.7) + Math.log(.4) + Math.log(.6) + Math.log(.4)) / 4, within(1e-6));
        assertThat(r.confusion()).containsExactly(List.of(1L, 1L, 0L), List.of(0L, 1L, 0L), List.of(0L, 0L, 1L));
        assertThat(r.perClass().get(0)).isEqualTo(new ClassificationResult.PerClass("a", 1, 0.5, 2.0 / 3, 2));
        assertThat(r.perClass().get(1)).isEqualTo(new ClassificationResult.PerClass("b", 0.5, 1, 2.0 / 3, 1));
        assertThat(r.balancedAccuracy()).isCloseTo((0.5 + 1 + 1) / 3, within(1e-12));
        assertThat(r.macroF1()).isCloseTo((2.0 / 3 + 2.0 / 3 + 1) / 3, within(1e-12));
        assertThat(r.weightedF1()).isCloseTo((2 * 2.0 / 3 + 2.0 / 3 + 1) / 4, within(1e-12));
        // confidences .7 right, .5 wrong, .6 right, .4 right, each in its own bin
        assertThat(r.expectedCalibrationError()).isCloseTo((0.3 + 0.5 + 0.4 + 0.6) / 4, within(1e-6));
        assertThat(r.top5Accuracy()).isEqualTo(1);
    }

    @Test
    void rocAucCountsPairsInOrderAndTiesHalf() {
        assertThat(RocAuc.area(new float[] {.1f, .4f, .35f, .8f}, new boolean[] {false, false, true, true}))
                .isEqualTo(0.75);
        assertThat(RocAuc.area(new float[] {.5f, .5f, .5f}, new boolean[] {true, false, true}))
                .isEqualTo(0.5);
        assertThat(RocAuc.area(new float[] {.5f}, new boolean[] {true})).isNaN();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RocAuc.area(new float[] {.5f, Float.NaN}, new boolean[] {true, false}))
                .withMessage("auroc: scores must be numbers from 0 on, else they have no order; the model is broken");
    }

    @Test
    void aClassWithoutImagesIsLeftOutOfMeans() {
        var metrics = new ClassificationMetrics(List.of("a", "b"));
        metrics.add(new float[] {2, 1}, new long[] {0});
        assertThat(metrics.result().balancedAccuracy()).isEqualTo(1);
        assertThat(metrics.result().perClass().get(1).recall()).isNaN();
    }

    @Test
    void aHeadThatKnowsNothingHasFoundNoMoreThanChance() {
        var names =
                java.util.stream.IntStream.range(0, 20).mapToObj(i -> "c" + i).toList();
        var equal = new ClassificationMetrics(names);
        var broken = new ClassificationMetrics(names);
        for (int truth = 0; truth < 20; truth++) {
            equal.add(new float[20], new long[] {truth});
            float[] logits = new float[20];
            java.util.Arrays.fill(logits, Float.NaN);
            broken.add(logits, new long[] {truth});
        }
        assertThat(equal.result().accuracy()).isEqualTo(1 / 20.0);
        assertThat(equal.result().top5Accuracy()).isEqualTo(5 / 20.0);
        assertThat(broken.result().top5Accuracy()).isZero();
        assertThat(broken.result().loss()).isNaN();
    }

    @Test
    void refusesALabelThatIsNoClass() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClassificationMetrics(List.of("a", "b")).add(new float[2], new long[] {200}))
                .withMessage("metrics: label 200 is none of the 2 classes, which are counted from 0");
    }

    @Test
    void refusesLogitsOfAnotherNumberOfClasses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClassificationMetrics(List.of("a", "b")).add(new float[5], new long[] {0, 1}))
                .withMessage("metrics: 5 logits are not 2 images of 2 classes");
    }
}
