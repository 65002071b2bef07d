package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {

    @Test
    void onlyTheOrderCounts() {
        assertThat(RankCorrelation.of(new double[] {1, 2, 3, 4}, new double[] {1, 10, 11, 1e9}))
                .isCloseTo(1, within(1e-12));
        assertThat(RankCorrelation.of(new double[] {1, 2, 3, 4}, new double[] {9, 5, 2, -1}))
                .isCloseTo(-1, within(1e-12));
    }

    @Test
    void equalNumbersShareTheirRanks() { // scipy.stats.spearmanr
        assertThat(RankCorrelation.of(new double[] {1, 2, 2, 3, 5}, new double[] {2, 1, 4, 4, 9}))
                .isCloseTo(0.7631578947368421, within(1e-12));
    }

    @Test
    void nothingAgreesWithOneNumberThroughout() {
        assertThat(RankCorrelation.of(new double[] {1, 2, 3}, new double[] {0, 0, 0}))
                .isZero();
    }
}
