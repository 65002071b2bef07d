package dev.fovea.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(series(300, 100, 200).median()).isEqualTo(200);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(series(400, 100, 200, 900).median()).isEqualTo(300);
    }

    @Test
    void aRatioIsThatOfTheMedians() {
        assertThat(series(900, 300, 100).ratioTo(series(200, 1, 5000))).isEqualTo(1.5);
    }

    @Test
    void knowsItsLimits() {
        assertThat(series(300, 100, 200).min()).isEqualTo(100);
        assertThat(series(300, 100, 200).max()).isEqualTo(300);
    }

    @Test
    void isFailedWithoutRounds() {
        assertThat(series().failed()).isTrue();
        assertThat(series(1).failed()).isFalse();
    }

    private static Series series(double... speeds) {
        return new Series(
                Contender.ALL.get(0), "1", "fp32", Arrays.stream(speeds).boxed().toList());
    }
}
