package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class ImportanceTest {

    private static final Space SPACE = Space.parse(List.of("lr=0.001..1", "kind=a|b|c|d|e|f", "decay=0..1"));

    private static List<Trial> trials(int count, long seed, ToDoubleFunction<Map<String, String>> score) {
        var random = new SplittableRandom(seed);
        var trials = new ArrayList<Trial>();
        for (int i = 1; i <= count; i++) {
            Map<String, String> values = SPACE.at(Sampler.random().propose(SPACE.settings(), List.of(), random));
            trials.add(new Trial(i, values, List.of(score.applyAsDouble(values)), "", 1));
        }
        return trials;
    }

    private static double lr(Map<String, String> values) {
        double away = Math.log10(Double.parseDouble(values.get("lr"))) + 1;
        return -away * away;
    }

    @Test
    void theSettingThatDecidesHasNearlyAllAndTheOthersNearlyNone() {
        double decisive = 0;
        double kind = 0;
        double decay = 0;
        for (int seed = 0; seed < 10; seed++) {
            Map<String, Double> importance = Importance.of(SPACE, trials(40, seed, ImportanceTest::lr));
            assertThat(importance.keySet()).first().isEqualTo("lr");
            decisive += importance.get("lr") / 10;
            kind += importance.get("kind") / 10;
            decay += importance.get("decay") / 10;
        }
        assertThat(decisive).isGreaterThan(0.5);
        assertThat(kind).isLessThan(0.1);
        assertThat(decay).isLessThan(0.1);
    }

    @Test
    void equalScoresSayNothingWhateverTheirOrder() {
        var trials = new ArrayList<Trial>();
        for (int i = 1; i <= 20; i++) { // decay rises with the number of the trial
            trials.add(new Trial(
                    i, Map.of("lr", "0.1", "kind", "a", "decay", Double.toString(i / 20.0)), List.of(0.5), "", 1));
        }
        assertThat(Importance.of(SPACE, trials).values()).allMatch(share -> share == 0);
    }

    @Test
    void aChoiceThatDecidesIsFoundAndAFailureCountsAsTheWorst() {
        List<Trial> trials = trials(
                40, 1, values -> values.get("kind").equals("b") ? 1 : 0.1 * Double.parseDouble(values.get("decay")));
        List<Trial> failing = trials.stream()
                .map(trial -> trial.values().get("kind").compareTo("c") > 0
                        ? new Trial(trial.number(), trial.values(), List.of(), "diverged", 1)
                        : trial)
                .toList();
        assertThat(Importance.of(SPACE, failing).keySet()).first().isEqualTo("kind");
        assertThat(Importance.of(SPACE, failing).get("kind")).isGreaterThan(0.5);
    }

    @Test
    void ofFewTrialsNothingIsSaid() {
        assertThat(Importance.of(SPACE, trials(7, 0, ImportanceTest::lr))).isEmpty();
    }
}
