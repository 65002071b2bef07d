package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeighbourDistancesTest {

    @Test
    void directionsCountAndLengthsDoNot() {
        var known = new NeighbourDistances(List.of(new float[] {5, 0}, new float[] {0, 2}));
        float[] found = known.distances(List.of(new float[] {0.1f, 0}, new float[] {-3, 0}, new float[] {1, 1}), 1);
        assertThat(found[0]).isZero();
        assertThat(found[1]).isCloseTo((float) Math.sqrt(2), within(1e-6f));
        assertThat((double) found[2]).isCloseTo(Math.sqrt(2 - Math.sqrt(2)), within(1e-6));
        assertThat(known.distances(List.of(new float[] {0.1f, 0}), 7)[0])
                .isCloseTo((float) Math.sqrt(2), within(1e-6f));
    }

    @Test
    void aRowOfZerosHasADistanceToo() {
        assertThat(new NeighbourDistances(List.of(new float[] {0, 0})).distances(List.of(new float[] {1, 0}), 1))
                .containsExactly(1);
    }

    @Test
    void noRowIsItsOwnNeighbour() {
        var known = new NeighbourDistances(List.of(new float[] {1, 0}, new float[] {1, 0.1f}, new float[] {0, 1}));
        assertThat(known.amongThemselves(1)).extracting(of -> of.get(0).index()).containsExactly(1, 0, 1);
        assertThat(known.amongThemselves(5)).allSatisfy(of -> assertThat(of).hasSize(2));
        assertThat(new NeighbourDistances(List.of(new float[] {1, 0})).amongThemselves(3))
                .containsExactly(List.of());
    }

    /** Many rows, where only the nearest are sorted, against distances one by one. */
    @Test
    void nearestOfManyAreThoseOfAFullSearch() {
        var random = new SplittableRandom(5);
        var rows = new ArrayList<float[]>();
        for (int i = 0; i < 700; i++) {
            float[] row = new float[6];
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) random.nextGaussian();
            }
            rows.add(row);
        }
        var all = new NeighbourDistances(rows).amongThemselves(3);
        for (int i = 0; i < rows.size(); i += 97) {
            float[] one = NeighbourDistances.unit(rows.get(i));
            double[] distances = new double[rows.size()];
            for (int j = 0; j < rows.size(); j++) {
                float[] other = NeighbourDistances.unit(rows.get(j));
                for (int d = 0; d < 6; d++) {
                    distances[j] += (one[d] - other[d]) * (double) (one[d] - other[d]);
                }
                distances[j] = j == i ? 9 : Math.sqrt(distances[j]);
            }
            double[] sorted = distances.clone();
            Arrays.sort(sorted);
            for (int k = 0; k < 3; k++) {
                var found = all.get(i).get(k);
                assertThat(found.distance()).isCloseTo(sorted[k], within(1e-3));
                assertThat(distances[found.index()]).isCloseTo(sorted[k], within(1e-6));
            }
        }
    }

    /** By hand: of 2 x 2 pairs three are in order; the 95 % threshold of two known ones is the larger. */
    @Test
    void separationCountsPairsInOrder() {
        var separation = Separation.of(new float[] {-5, -2}, new float[] {-3, 1});
        assertThat(separation.auroc()).isEqualTo(0.75);
        assertThat(separation.fprAt95()).isEqualTo(0.5);
        assertThat(Separation.of(new float[0], new float[] {1}).auroc()).isNaN();
    }

    @Test
    void thresholdAcceptsTheShareAskedFor() {
        float[] known = new float[100];
        for (int i = 0; i < 100; i++) {
            known[99 - i] = i;
        }
        assertThat(Separation.threshold(known, 0.95)).isEqualTo(94);
        assertThat(Separation.threshold(known, 1)).isEqualTo(99);
        assertThat(Separation.threshold(known, 0)).isEqualTo(0);
    }
}
