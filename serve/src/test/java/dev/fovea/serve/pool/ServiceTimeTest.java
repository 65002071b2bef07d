package dev.fovea.serve.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ServiceTimeTest {

    @Test
    void liesOnALineBetweenOneImageAndAFullBatch() {
        var time = new ServiceTime(0.002, 0.010, 9);
        assertThat(time.batch(1)).isCloseTo(0.002, within(1e-12));
        assertThat(time.batch(5)).isCloseTo(0.006, within(1e-12));
        assertThat(time.batch(9)).isCloseTo(0.010, within(1e-12));
    }

    @Test
    void aQueueIsFullBatchesAndARest() {
        var time = new ServiceTime(0.002, 0.010, 9);
        assertThat(time.queue(0)).isZero();
        assertThat(time.queue(18)).isCloseTo(0.020, within(1e-12));
        assertThat(time.queue(19)).isCloseTo(0.022, within(1e-12));
    }

    @Test
    void followsWhatIsSeen() {
        var time = new ServiceTime(0.002, 0.010, 9);
        for (int i = 0; i < 100; i++) {
            time.saw(9, 0.030);
        }
        assertThat(time.batch(9)).isCloseTo(0.030, within(1e-4));
        assertThat(time.batch(1)).isCloseTo(0.006, within(1e-4));
    }

    @Test
    void onePauseChangesLittle() {
        var time = new ServiceTime(0.001, 0.001, 1);
        time.saw(1, 100);
        assertThat(time.batch(1)).isLessThan(0.002);
    }
}
