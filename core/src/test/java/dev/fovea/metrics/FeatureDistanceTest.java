package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeatureDistanceTest {

    /** Independent normal numbers with these means and deviations. */
    private static List<float[]> normal(int count, long seed, double[] means, double[] deviations) {
        var random = new Random(seed);
        var rows = new ArrayList<float[]>();
        for (int i = 0; i < count; i++) {
            float[] row = new float[means.length];
            for (int d = 0; d < row.length; d++) {
                row[d] = (float) (means[d] + deviations[d] * random.nextGaussian());
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void frechetOfTwoNormalDistributionsIsItsFormula() {
        var a = normal(40_000, 1, new double[] {0, 1, 2}, new double[] {1, 2, 0.5});
        var b = normal(40_000, 2, new double[] {1, 1, 0}, new double[] {1, 1, 1.5});
        double expected = 1 + 4 + (2 - 1) * (2 - 1) + (0.5 - 1.5) * (0.5 - 1.5);
        assertThat(FeatureDistance.frechet(a, b)).isCloseTo(expected, within(0.12));
        assertThat(FeatureDistance.frechet(a, a)).isCloseTo(0, within(1e-6));
    }

    @Test
    void frechetDoesNotMindTurnedAxes() {
        var a = normal(5_000, 1, new double[] {0, 0}, new double[] {3, 0.1});
        var b = normal(5_000, 2, new double[] {1, 0}, new double[] {0.1, 3});
        double plain = FeatureDistance.frechet(a, b);
        assertThat(FeatureDistance.frechet(turned(a), turned(b))).isCloseTo(plain, within(1e-3));
    }

    private static List<float[]> turned(List<float[]> rows) {
        float c = (float) Math.cos(0.7);
        float s = (float) Math.sin(0.7);
        return rows.stream()
                .map(r -> new float[] {c * r[0] - s * r[1], s * r[0] + c * r[1]})
                .toList();
    }

    @Test
    void kernelDistanceIsAboutZeroForTheSameDistributionAndGrowsWithTheShift() {
        var a = normal(3_000, 1, new double[] {0, 0}, new double[] {1, 1});
        var same = normal(3_000, 2, new double[] {0, 0}, new double[] {1, 1});
        var near = normal(3_000, 3, new double[] {0.5, 0}, new double[] {1, 1});
        var far = normal(3_000, 4, new double[] {1.5, 0}, new double[] {1, 1});
        assertThat(FeatureDistance.kernel(a, same)).isCloseTo(0, within(0.02));
        assertThat(FeatureDistance.kernel(a, near)).isBetween(0.05, FeatureDistance.kernel(a, far));
    }

    @Test
    void precisionAndRecallTellFakesAndGapsApart() {
        var real = normal(400, 1, new double[] {0, 0}, new double[] {1, 1});
        var partly = normal(400, 2, new double[] {0, 0}, new double[] {0.2, 0.2});
        var alien = normal(400, 3, new double[] {50, 50}, new double[] {1, 1});
        assertThat(FeatureDistance.precision(partly, real)).isGreaterThan(0.95);
        assertThat(FeatureDistance.precision(real, partly)).isLessThan(0.5);
        assertThat(FeatureDistance.precision(alien, real)).isZero();
    }

    @Test
    void refusesTooFewPictures() {
        var one = normal(1, 1, new double[] {0}, new double[] {1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FeatureDistance.frechet(one, one))
                .withMessage("distance: needs at least 2 pictures of each kind, got 1 and 1");
    }
}
