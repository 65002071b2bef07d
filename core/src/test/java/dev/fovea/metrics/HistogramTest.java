package dev.fovea.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void barsBeginAtRoundNumbersAndHoldAll() {
        List<Double> values =
                IntStream.range(0, 101).mapToObj(i -> 3.07 + i * 0.01).toList();
        Histogram bars = Histogram.of(values, List.of());
        assertThat(bars.step()).isCloseTo(0.05, within(1e-12));
        assertThat(bars.least()).isCloseTo(3.05, within(1e-9));
        assertThat(bars.counts().stream().mapToInt(n -> n).sum()).isEqualTo(101);
        assertThat(bars.bar(3.05)).isZero();
        assertThat(bars.bar(3.1)).isEqualTo(1); // the end of a bar is the begin of the next
        assertThat(bars.most()).isGreaterThan(4.07);
    }

    @Test
    void whatIsShownBesideLiesWithin() {
        Histogram bars = Histogram.of(List.of(1.0, 2.0), List.of(9.0));
        assertThat(bars.most()).isGreaterThan(9);
        assertThat(bars.counts(List.of(1.0))).hasSameSizeAs(bars.counts()).contains(1);
    }

    @Test
    void equalNumbersAndNoneHaveOneBar() {
        assertThat(Histogram.of(List.of(5.0, 5.0), List.of()).counts()).containsExactly(2);
        assertThat(Histogram.of(List.of(0.0), List.of()).counts()).containsExactly(1);
        assertThat(Histogram.of(List.of(Double.NaN), List.of()).counts()).containsExactly(0);
        assertThat(Histogram.of(List.of(), List.of()).bar(Double.NaN)).isEqualTo(-1);
    }
}
