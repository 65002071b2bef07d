package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalvingTest {

    private static final Halving HALVING = Halving.of(9);

    /** Numbered from 1, each with its scores by rung. */
    private static List<Trial> trials(List<List<Double>> scores) {
        var trials = new ArrayList<Trial>();
        scores.forEach(own -> trials.add(new Trial(trials.size() + 1, Map.of(), own, "", 1)));
        return trials;
    }

    private static List<Double> of(Double... scores) {
        return List.of(scores);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1 2", "3, 1 3", "9, 1 3 9", "10, 1 3 10", "30, 3 10 30", "100, 11 33 100"})
    void rungsAreANinthAThirdAndAllOfTheEpochs(int epochs, String rungs) {
        assertThat(Halving.of(epochs).epochs())
                .isEqualTo(Arrays.stream(rungs.split(" ")).map(Integer::valueOf).toList());
    }

    @Test
    void nobodyIsPromotedBeforeThereAreThree() {
        assertThat(HALVING.promoted(trials(List.of(of(0.9), of(0.8))))).isEmpty();
    }

    @Test
    void thoseThatFailedAreAmongThoseOfWhichAThirdIsPromoted() {
        List<Trial> trials = trials(List.of(of(0.1), of(0.8), of(0.3), of(), of(), of()));
        trials.replaceAll(trial -> trial.rungs() == 0 ? trial.withFailure("diverged", 1) : trial);
        assertThat(HALVING.promoted(trials)).map(Trial::number).contains(2);
        trials.set(1, trials.get(1).with(0.9, 1));
        assertThat(HALVING.promoted(trials)).map(Trial::number).contains(3);
        trials.set(2, trials.get(2).with(0.9, 1));
        assertThat(HALVING.promoted(trials)).isEmpty();
    }

    @Test
    void theBestThirdIsPromotedTheBestFirst() {
        List<Trial> six = trials(List.of(of(0.1), of(0.8), of(0.3), of(0.9), of(0.2), of(0.4)));
        assertThat(HALVING.promoted(six)).map(Trial::number).contains(4);
        six.set(3, six.get(3).with(0.9, 1));
        assertThat(HALVING.promoted(six)).map(Trial::number).contains(2);
        six.set(1, six.get(1).with(0.9, 1));
        assertThat(HALVING.promoted(six)).isEmpty();
    }

    @Test
    void aTrialIsPromotedLaterWhereMoreTrialsMakeRoom() {
        List<Trial> trials = trials(List.of(of(0.9, 0.9), of(0.8), of(0.3), of(0.2), of(0.1)));
        assertThat(HALVING.promoted(trials)).isEmpty();
        trials.addAll(trials(List.of(of(0.0))));
        assertThat(HALVING.promoted(trials)).map(Trial::number).contains(2);
    }

    @Test
    void theHighestRungComesFirst() {
        List<Trial> trials = trials(List.of(
                of(0.9, 0.5),
                of(0.8, 0.6),
                of(0.7, 0.7),
                of(0.75),
                of(0.1),
                of(0.1),
                of(0.1),
                of(0.1),
                of(0.1),
                of(0.1),
                of(0.1),
                of(0.1)));
        assertThat(HALVING.promoted(trials)).map(Trial::number).contains(3);
        trials.set(2, trials.get(2).with(0.7, 1));
        assertThat(HALVING.promoted(trials)).map(Trial::number).contains(4);
    }

    @Test
    void aFailedTrialIsNeitherPromotedNorTheBest() {
        List<Trial> trials = trials(List.of(of(0.9), of(0.8), of(0.3)));
        trials.set(0, trials.get(0).withFailure("diverged", 1));
        assertThat(HALVING.promoted(trials)).isEmpty();
        assertThat(HALVING.best(trials)).map(Trial::number).contains(2);
        assertThat(HALVING.last(trials)).map(Trial::number).contains(2);
    }

    @Test
    void theBestIsThatOfTheHighestRung() {
        List<Trial> trials = trials(List.of(of(0.9), of(0.5, 0.6), of(0.4, 0.7), of()));
        assertThat(HALVING.best(trials)).map(Trial::number).contains(3);
        assertThat(HALVING.last(trials)).map(Trial::number).contains(3);
        trials.set(2, trials.get(2).with(0.8, 1));
        assertThat(HALVING.last(trials)).isEmpty();
        assertThat(HALVING.best(List.of())).isEmpty();
    }

    /** Li et al.: with a factor of 3, of 27 trials that come one by one a ninth or so is trained to its end. */
    @Test
    void fewTrialsAreTrainedToTheirEnd() {
        var trials = new ArrayList<Trial>();
        while (trials.size() < 27 || HALVING.promoted(trials).isPresent()) {
            var promoted = HALVING.promoted(trials);
            double quality = promoted.map(Trial::number).orElse(trials.size() + 1) * 0.618 % 1;
            Trial next = promoted.orElse(new Trial(trials.size() + 1, Map.of(), List.of(), "", 0))
                    .with(quality, 1);
            if (promoted.isPresent()) {
                trials.set(next.number() - 1, next);
            } else {
                trials.add(next);
            }
        }
        assertThat(trials.stream().filter(trial -> trial.rungs() >= 2).count()).isBetween(9L, 14L);
        assertThat(trials.stream().filter(trial -> trial.rungs() == 3).count()).isBetween(3L, 5L);
        int best = trials.stream()
                .max((a, b) -> Double.compare(a.score(0), b.score(0)))
                .orElseThrow()
                .number();
        assertThat(HALVING.best(trials)).map(Trial::number).contains(best);
    }
}
