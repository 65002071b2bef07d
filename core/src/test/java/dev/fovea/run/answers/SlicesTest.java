package dev.fovea.run.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.metrics.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicesTest {

    @Test
    void intervalsOfSharesAreWilsons() {
        // 8 of 10, by the formula: middle 0.7168, half 0.2266
        Interval interval = Interval.ofShare(8, 10);
        assertThat(interval.low()).isCloseTo(0.4902, within(1e-4));
        assertThat(interval.high()).isCloseTo(0.9433, within(1e-4));
        assertThat(Interval.ofShare(10, 10).high()).isCloseTo(1, within(1e-12));
        assertThat(Interval.ofShare(10, 10).low()).isCloseTo(0.7225, within(1e-4));
        assertThat(Interval.ofShare(0, 0)).isEqualTo(Interval.UNKNOWN);
    }

    @Test
    void intervalsOfMeansAreByTheirDeviation() {
        Interval interval = Interval.ofMean(List.of(0.2, 0.4, 0.6, 0.8)); // mean 0.5, deviation 0.2582
        assertThat(interval.low()).isCloseTo(0.5 - 1.96 * 0.2582 / 2, within(1e-3));
        assertThat(interval.high()).isCloseTo(0.5 + 1.96 * 0.2582 / 2, within(1e-3));
        assertThat(Interval.ofMean(List.of(0.3))).isEqualTo(Interval.UNKNOWN);
        assertThat(Interval.ofMean(List.of(1.0, 1.0, 0.0, 1.0))).isEqualTo(Interval.ofShare(3, 4));
    }

    @Test
    void aPartThatIsWorseThanChanceExplainsIsWeak() {
        List<Double> values = new ArrayList<>(Collections.nCopies(80, 1.0));
        values.addAll(Collections.nCopies(20, 0.0)); // the darkest
        List<Double> brightness =
                IntStream.range(0, 100).mapToObj(i -> 200.0 - i).toList();
        List<Slice> slices = Slices.of(values, List.of(new Column.Numbers("brightness", brightness)));
        assertThat(slices).hasSize(4);
        Slice worst = slices.get(0);
        assertThat(worst.from()).isEqualTo(101);
        assertThat(worst.to()).isEqualTo(125);
        assertThat(worst.cases()).hasSize(25);
        assertThat(worst.value()).isCloseTo(0.2, within(1e-12));
        assertThat(worst.weak()).isTrue();
        assertThat(slices.subList(1, 4)).noneMatch(Slice::weak);
    }

    @Test
    void fewCasesAreNeverWeak() {
        List<Double> values = new ArrayList<>(Collections.nCopies(50, 1.0));
        values.addAll(Collections.nCopies(4, 0.0));
        List<String> words = new ArrayList<>(Collections.nCopies(50, "day"));
        words.addAll(Collections.nCopies(4, "night"));
        List<Slice> slices = Slices.of(values, List.of(new Column.Words("time", words)));
        assertThat(slices).extracting(Slice::word).containsExactly("night", "day");
        assertThat(slices).noneMatch(Slice::weak);
    }

    @Test
    void equalNumbersStayTogether() {
        List<Double> numbers = new ArrayList<>(Collections.nCopies(9, 1.0));
        numbers.add(2.0);
        List<Slice> slices = Slices.of(Collections.nCopies(10, 1.0), List.of(new Column.Numbers("size", numbers)));
        assertThat(slices).extracting(one -> one.cases().size()).containsExactlyInAnyOrder(9, 1);
    }

    @Test
    void cellsAreNumbersIfTheyAreManyOfThem() {
        List<String> many = List.of("1", "2", "3", "4", "5", "6", "7", "");
        assertThat(Column.ofCells("age", many)).isInstanceOfSatisfying(Column.Numbers.class, numbers -> {
            assertThat(numbers.values().get(6)).isEqualTo(7);
            assertThat(numbers.values().get(7)).isNaN();
        });
        assertThat(Column.ofCells("fold", List.of("1", "2", "1", "2"))).isInstanceOf(Column.Words.class);
        assertThat(Column.ofCells("camera", List.of("1", "2", "3", "4", "5", "6", "7", "x")))
                .isInstanceOf(Column.Words.class);
    }
}
