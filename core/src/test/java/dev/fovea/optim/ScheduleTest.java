package dev.fovea.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void cosineWarmsUpThenFallsToItsEnd() {
        var schedule = new Schedule.Cosine(10, 0.1);
        assertThat(schedule.factor(0, 110, 11)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.factor(9, 110, 11)).isEqualTo(1);
        assertThat(schedule.factor(60, 110, 11)).isCloseTo(0.55, within(1e-12));
        assertThat(schedule.factor(110, 110, 11)).isCloseTo(0.1, within(1e-12));
        double[] falling = IntStream.range(10, 110)
                .mapToDouble(s -> schedule.factor(s, 110, 11))
                .toArray();
        assertThat(IntStream.range(1, falling.length).allMatch(i -> falling[i] <= falling[i - 1]))
                .isTrue();
    }

    @Test
    void oneCycleRisesAndFalls() {
        var schedule = new Schedule.OneCycle(0.25, 25);
        assertThat(schedule.factor(0, 101, 10)).isCloseTo(0.04, within(1e-9));
        assertThat(schedule.factor(25, 101, 10)).isCloseTo(1, within(1e-9));
        assertThat(schedule.factor(100, 101, 10)).isCloseTo(4e-6, within(1e-9));
    }

    @Test
    void stepFallsEverySoManyEpochs() {
        var schedule = new Schedule.Step(2, 0.1, 0);
        assertThat(schedule.factor(19, 100, 10)).isEqualTo(1);
        assertThat(schedule.factor(20, 100, 10)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.factor(40, 100, 10)).isCloseTo(0.01, within(1e-12));
    }

    @Test
    void plateauFallsWhenTheLossNoLongerDoes() {
        var schedule = new Schedule.Plateau(2, 0.5);
        var watch = new Schedule.Watch(1, 0, Double.NaN);
        for (double loss : new double[] {1, 0.9, 0.95, 0.92}) {
            watch = schedule.afterEpoch(watch, loss);
        }
        assertThat(watch).isEqualTo(new Schedule.Watch(0.5, 0, 0.9));
    }

    @Test
    void rateFinderSuggestsWhereTheLossFallsFastest() {
        var finder = new RateFinder(1e-5, 1, 100);
        while (finder.wantsMore()) {
            double log = Math.log10(finder.rate());
            finder.add(2.3 / (1 + Math.exp(4 * (log + 2.5))) + (log > -0.7 ? 100 : 0));
        }
        assertThat(finder.suggestion()).isBetween(1e-3, 2e-2);
        assertThat(finder.rates().size()).isLessThan(100);
    }

    @Test
    void refusesImpossibleShapes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Schedule.OneCycle(1.5, 25))
                .withMessage(
                        "schedule one-cycle: rise must be between 0 and 1 and divide at least 1, got rise=1.5, divide=25.0");
    }

    @Test
    void aRunThatIsShorterThanItsWarmUpStillReachesItsRate() {
        for (Schedule schedule : List.of(new Schedule.Cosine(200, 0), new Schedule.Constant(200))) {
            assertThat(schedule.factor(0, 12, 12)).isCloseTo(1 / 6.0, within(1e-9));
            assertThat(schedule.factor(5, 12, 12)).isEqualTo(1);
        }
        assertThat(new Schedule.Cosine(200, 0).factor(99, 1000, 100))
                .as("a longer one rises as it says")
                .isEqualTo(0.5);
    }
}
