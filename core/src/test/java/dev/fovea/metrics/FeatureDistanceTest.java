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
    void frechetOfCorrelatedNumbersIsItsClosedForm() {
        var a = normal(50, 1, new double[] {0, 1}, new double[] {1, 2});
        var b = turned(normal(60, 2, new double[] {1, 0}, new double[] {0.5, 3}));
        double[][] s = covariance(a);
        double[][] t = covariance(b);
        // In two dimensions the trace of a root is known: tr sqrt(M) = sqrt(tr M + 2 sqrt(det M)).
        double trace = s[0][0] * t[0][0] + 2 * s[0][1] * t[0][1] + s[1][1] * t[1][1];
        double determinant = (s[0][0] * s[1][1] - s[0][1] * s[0][1]) * (t[0][0] * t[1][1] - t[0][1] * t[0][1]);
        double root = Math.sqrt(trace + 2 * Math.sqrt(determinant));
        double apart = Math.pow(mean(a, 0) - mean(b, 0), 2) + Math.pow(mean(a, 1) - mean(b, 1), 2);
        assertThat(FeatureDistance.frechet(a, b))
                .isCloseTo(apart + s[0][0] + s[1][1] + t[0][0] + t[1][1] - 2 * root, within(1e-5));
    }

    private static double mean(List<float[]> rows, int d) {
        return rows.stream().mapToDouble(row -> row[d]).average().orElseThrow();
    }

    private static double[][] covariance(List<float[]> rows) {
        double[][] c = new double[2][2];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                int x = i;
                int y = j;
                c[i][j] = rows.stream()
                                .mapToDouble(row -> (row[x] - mean(rows, x)) * (row[y] - mean(rows, y)))
                                .sum()
                        / (rows.size() - 1);
            }
        }
        return c;
    }

    @Test
    void kernelDistanceIsTheUnbiasedMeanOfACubicKernel() {
        var a = normal(30, 1, new double[] {0, 0, 1}, new double[] {1, 1, 1});
        var b = normal(30, 2, new double[] {1, 0, 0}, new double[] {1, 2, 1});
        double within = 0;
        double across = 0;
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 30; j++) {
                if (i != j) {
                    within += (cubic(a.get(i), a.get(j)) + cubic(b.get(i), b.get(j))) / (30 * 29);
                }
                across += cubic(a.get(i), b.get(j)) / (30 * 30);
            }
        }
        assertThat(FeatureDistance.kernel(a, b)).isCloseTo(within - 2 * across, within(1e-6));
    }

    private static double cubic(float[] x, float[] y) {
        double product = 0;
        for (int d = 0; d < x.length; d++) {
            product += x[d] * y[d];
        }
        return Math.pow(product / x.length + 1, 3);
    }

    @Test
    void reachIsTheDistanceToTheThirdNearestOfItsOwnKind() {
        var real = List.of(new float[] {0}, new float[] {1}, new float[] {2}, new float[] {4}, new float[] {9});
        // Reaches: 4, 3, 2, 4 (to 0) and 8 (to 1).
        assertThat(FeatureDistance.precision(List.of(new float[] {-3.9f}, new float[] {-4.1f}), real))
                .isEqualTo(0.5);
        assertThat(FeatureDistance.precision(List.of(new float[] {16.9f}, new float[] {17.1f}), real))
                .isEqualTo(0.5);
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
    void refusesTooFewImages() {
        var one = normal(1, 1, new double[] {0}, new double[] {1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FeatureDistance.frechet(one, one))
                .withMessage("distance: needs at least 2 images of each kind, got 1 and 1");
    }
}
