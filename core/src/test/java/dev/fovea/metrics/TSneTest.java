package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TSneTest {

    /** Three groups in eight dimensions. */
    private static List<float[]> groups(int each) {
        var random = new SplittableRandom(1);
        var rows = new ArrayList<float[]>();
        for (int i = 0; i < 3 * each; i++) {
            float[] row = new float[8];
            for (int d = 0; d < row.length; d++) {
                row[d] = (float) (random.nextGaussian() + (d == i % 3 ? 12 : 0));
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void neighboursStayNeighbours() {
        List<float[]> points = TSne.of(groups(20));
        int[] nearest = NearestNeighbours.nearestOthers(points);
        for (int i = 0; i < nearest.length; i++) {
            assertThat(nearest[i] % 3).isEqualTo(i % 3);
        }
        assertThat(TSne.of(groups(20)).get(7)).containsExactly(points.get(7));
    }

    @Test
    void eachRowHasAsManyNeighboursAsTheyAreToBe() {
        Tensor affinities = TSne.affinities(FeatureMatrix.matrix(groups(10)), 5);
        double[] values = affinities.toDoubles();
        double sum = 0;
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 30; j++) {
                sum += values[30 * i + j];
                assertThat(values[30 * i + j]).isCloseTo(values[30 * j + i], within(1e-9));
            }
        }
        assertThat(sum).isCloseTo(1, within(1e-4));
        assertThat(values[0 * 30 + 3]).as("of one group").isGreaterThan(1000 * values[0 * 30 + 1]);
    }

    /** Places 0, 1 and 3 on a line, worked out by hand from equation 5 of the paper. */
    @Test
    void theGradientIsThePapers() {
        Tensor affinities = Tensor.of(new float[] {0, 0.3f, 0.1f, 0.3f, 0, 0.1f, 0.1f, 0.1f, 0}, 3, 3);
        Tensor places = Tensor.of(new float[] {0, 0, 1, 0, 3, 0}, 3, 2);
        Tensor others = Tensor.of(new float[] {0, 1, 1, 1, 0, 1, 1, 1, 0}, 3, 3);
        double[] found = TSne.gradient(affinities, 1, places, others).toDoubles();
        double z = 2 * (0.5 + 0.1 + 0.2);
        double first = 4 * ((0.3 - 0.5 / z) * 0.5 * -1 + (0.1 - 0.1 / z) * 0.1 * -3);
        assertThat(found[0]).isCloseTo(first, within(1e-6));
        assertThat(found[1]).isZero();
        assertThat(found[0] + found[2] + found[4]).isCloseTo(0, within(1e-6));
    }

    @Test
    void refusesMoreRowsThanMemoryHolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TSne.of(Collections.nCopies(5001, new float[2])))
                .withMessage("t-sne: needs 4 to 5000 rows, got 5001. Take principal components, or fewer rows");
    }
}
