package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {

    /** Rows that vary in a few directions, each half as much as the one before, and a little in all. */
    private static List<float[]> rows(int count, int width) {
        var random = new Random(3);
        double[][] ways = new double[5][width];
        for (double[] way : ways) {
            for (int d = 0; d < width; d++) {
                way[d] = random.nextGaussian();
            }
        }
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    float[] row = new float[width];
                    for (int k = 0; k < ways.length; k++) {
                        double share = random.nextGaussian() / (1 << k);
                        for (int d = 0; d < width; d++) {
                            row[d] += (float) (share * ways[k][d] + 0.01 * random.nextGaussian() + 1);
                        }
                    }
                    return row;
                })
                .toList();
    }

    /** The same rows twice: no other directions, but another way to find them once there are more rows than numbers. */
    private static List<float[]> repeated(List<float[]> rows, int times) {
        var all = new ArrayList<float[]>();
        for (int i = 0; i < times; i++) {
            all.addAll(rows);
        }
        return all;
    }

    @Test
    void findTheLineThatPointsLieOn() {
        var rows = IntStream.range(0, 50)
                .mapToObj(i -> new float[] {3 + 2 * i, 1 - i, (i % 2) * 0.01f})
                .toList();
        var components = PrincipalComponents.of(rows, 2);
        float[] first = components.direction(0);
        assertThat(Math.abs(first[0])).isCloseTo((float) (2 / Math.sqrt(5)), within(1e-4f));
        assertThat(first[0] * first[1]).isNegative();
        assertThat(components.project(rows).get(10)[1]).isCloseTo(0, within(0.01f));
    }

    @Test
    void ofFewWideRowsEqualThoseOfTheirCovariance() {
        List<float[]> rows = rows(40, 60);
        var few = PrincipalComponents.of(rows, 5);
        var many = PrincipalComponents.of(repeated(rows, 2), 5);
        for (int k = 0; k < 5; k++) {
            float[] a = few.direction(k);
            float[] b = many.direction(k);
            double product = 0;
            for (int d = 0; d < a.length; d++) {
                product += a[d] * b[d];
            }
            assertThat(Math.abs(product)).as("direction %d", k).isCloseTo(1, within(1e-4));
        }
    }

    @Test
    void areNoMoreThanTheRowsVaryIn() {
        assertThat(PrincipalComponents.of(rows(3, 60), 10).count()).isEqualTo(2);
        assertThat(PrincipalComponents.of(rows(100, 6), 10).count()).isEqualTo(6);
        var equal = List.of(new float[] {1, 2, 3}, new float[] {1, 2, 3});
        assertThat(PrincipalComponents.of(equal, 2).project(equal).get(0)).isEmpty();
    }

    @Test
    void ofRowsFarTooWideForACovarianceAreFound() {
        List<float[]> rows = rows(30, 60_000);
        assertThat(PrincipalComponents.of(rows, 3).project(rows))
                .allSatisfy(row -> assertThat(row).hasSize(3));
    }
}
