package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class ProbesTest {

    private static final int CLASSES = 4;

    private static int[] labels(int count) {
        return IntStream.range(0, count).map(i -> i % CLASSES).toArray();
    }

    /** Two large numbers that tell the class, and many of almost no size that say nothing. */
    private static List<float[]> rows(int count, long seed) {
        var random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    float[] row = new float[300];
                    for (int d = 0; d < row.length; d++) {
                        row[d] = (float) (0.01 * random.nextGaussian());
                    }
                    row[7] = (float) (10 * (i % CLASSES % 2) + random.nextGaussian());
                    row[200] = (float) (10 * (i % CLASSES / 2) + random.nextGaussian());
                    return row;
                })
                .toList();
    }

    @Test
    void aLinearProbeIsNotLedAstrayByManySmallNumbers() {
        var probe = LinearProbe.fit(rows(60, 1), labels(60), CLASSES);
        assertThat(probe.accuracy(rows(200, 2), labels(200))).isGreaterThan(0.95);
    }

    @Test
    void aFitLeavesNoTensorsBehindForTheGarbageCollector() {
        LinearProbe.fit(rows(8, 1), labels(8), CLASSES);
        long before = Pointer.totalCount();
        LinearProbe probe = LinearProbe.fit(rows(8, 1), labels(8), CLASSES);
        assertThat(Pointer.totalCount() - before)
                .as("mean, deviation, weight and bias")
                .isLessThanOrEqualTo(4);
        assertThat(probe.accuracy(rows(8, 1), labels(8))).isEqualTo(1);
    }

    @Test
    void neighboursVoteAndTheKnownOnesFindThemselves() {
        var neighbours = new NearestNeighbours(rows(60, 1), labels(60), CLASSES);
        assertThat(neighbours.accuracy(rows(200, 2), labels(200))).isGreaterThan(0.95);
        assertThat(neighbours.accuracy(
                        rows(200, 2), IntStream.generate(() -> 0).limit(200).toArray()))
                .isBetween(0.2, 0.3);
    }

    @Test
    void fewerKnownRowsThanNeighboursAreEnough() {
        var neighbours = new NearestNeighbours(rows(2, 1), new int[] {0, 0}, CLASSES);
        assertThat(neighbours.accuracy(rows(3, 2), new int[3])).isEqualTo(1);
    }
}
