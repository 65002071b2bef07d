package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTest {

    private static final Space SPACE = Space.parse(List.of("lr=0.0001..1", "kind=a|b|c"));
    private static final Halving HALVING = Halving.of(9);

    @TempDir
    private Path folder;

    /** What was trained, as {@code trial:epochs}. */
    private final List<String> trained = new ArrayList<>();

    /** Better the nearer lr is to 0.01 and the longer it is trained; kind b cannot be trained. */
    private Trainings.Outcome train(Trial trial, List<String> settings, int epochs, BooleanSupplier stop) {
        assertThat(settings).containsExactlyElementsOf(Search.settings(trial.values()));
        trained.add(trial.number() + ":" + epochs);
        if (trial.values().get("kind").equals("b")) {
            throw new IllegalStateException("diverged\nat length");
        }
        double away = Math.log10(Double.parseDouble(trial.values().get("lr"))) + 2;
        return new Trainings.Outcome("loss", away * away + 1.0 / epochs, true, epochs, false);
    }

    private Search search(Trainings trainings) {
        return search(SPACE, trainings);
    }

    private Search search(Space space, Trainings trainings) {
        TrialTable table = TrialTable.isAt(folder)
                ? TrialTable.read(folder)
                : new TrialTable(
                        new TrialTable.Asked("model: x", List.of(), "data", List.of(), "halving", 3), "", List.of(), 0);
        return new Search(space, TreeParzen.USUAL, HALVING, trainings, folder, table, text -> {});
    }

    private static Search.Budget trials(int trials) {
        return new Search.Budget(trials, Duration.ZERO, false);
    }

    private static List<Object> facts(TrialTable table) {
        return table.trials().stream()
                .<Object>map(trial -> List.of(trial.number(), trial.values(), trial.scores(), trial.failed()))
                .toList();
    }

    @Test
    void theBestTrialIsTrainedToItsEndAndMostAreNot() {
        Search search = search(this::train);
        assertThat(search.run(trials(20), () -> false)).isTrue();
        List<Trial> trials = search.table().trials();
        assertThat(trials).hasSize(20);
        Trial best = search.best().orElseThrow();
        assertThat(best.rungs()).isEqualTo(3);
        assertThat(search.table().value(best.last())).isLessThan(0.5);
        assertThat(trials.stream().filter(trial -> trial.rungs() > 1).count()).isLessThan(10);
        assertThat(trained).contains(best.number() + ":1", best.number() + ":3", best.number() + ":9");
        assertThat(trials.stream().filter(Trial::hasFailed))
                .isNotEmpty()
                .allSatisfy(trial -> assertThat(trial.failed()).isEqualTo("diverged"));
        assertThat(trials.subList(12, 20).stream().filter(Trial::hasFailed).count())
                .as("what failed is avoided")
                .isLessThanOrEqualTo(1);
        assertThat(TrialTable.read(folder)).isEqualTo(search.table());
    }

    @Test
    void lateTrialsLieWhereEarlyOnesWereGoodAlsoBesideThoseLeftBehind() {
        Space space = Space.parse(List.of("lr=0.0001..1", "smoothing=0..0.2"));
        Search search = search(space, (trial, settings, epochs, stop) -> {
            double away = Math.log10(Double.parseDouble(trial.values().get("lr"))) + 2;
            return new Trainings.Outcome("loss", away * away + 1.0 / epochs, true, epochs, false);
        });
        search.run(trials(60), () -> false);
        assertThat(search.table().trials().subList(20, 60).stream()
                        .mapToDouble(trial -> Double.parseDouble(trial.values().get("lr")))
                        .filter(lr -> lr > 0.001 && lr < 0.1)
                        .count())
                .as("of 40; by chance 20")
                .isGreaterThan(28);
    }

    @Test
    void aSearchThatIsKilledAfterEachTrainingFindsTheSame(@TempDir Path other) {
        Search whole = search(this::train);
        whole.run(trials(14), () -> false);
        List<Object> expected = facts(whole.table());
        List<String> once = List.copyOf(trained);
        trained.clear();
        Path first = folder;
        folder = other;
        var killed = new AtomicInteger();
        boolean done = false;
        while (!done && killed.get() < 200) {
            boolean dies = killed.incrementAndGet() % 2 == 0;
            try {
                done = search((trial, settings, epochs, stop) -> {
                            if (dies) {
                                throw new OutOfMemoryError(
                                        "killed"); // no exception that a search takes for a failed trial
                            }
                            return train(trial, settings, epochs, stop);
                        })
                        .run(trials(14), new Once());
            } catch (OutOfMemoryError e) {
                assertThat(e).hasMessage("killed");
            }
        }
        assertThat(facts(TrialTable.read(folder))).isEqualTo(expected);
        assertThat(trained).isEqualTo(once);
        folder = first;
    }

    /** Lets one trial be trained. */
    private static final class Once implements BooleanSupplier {
        private int asked;

        @Override
        public boolean getAsBoolean() {
            return asked++ > 0;
        }
    }

    @Test
    void aSearchThatIsStoppedGoesOnWithTheTrialUnderWay() {
        assertThat(search((trial, settings, epochs, stop) -> new Trainings.Outcome("loss", Double.NaN, true, 0, true))
                        .run(trials(5), () -> TrialTable.isAt(folder)))
                .isFalse();
        TrialTable stopped = TrialTable.read(folder);
        assertThat(stopped.trials()).hasSize(1);
        search(this::train).run(trials(5), () -> false);
        assertThat(TrialTable.read(folder).trials().get(0).values())
                .isEqualTo(stopped.trials().get(0).values());
        assertThat(trained).first().isEqualTo("1:1");
    }

    @Test
    void valuesAreTriedOnceEachAndTheSearchEndsWhenAllAre() {
        Search search = search(Space.parse(List.of("kind=a|c", "code=1..3")), (trial, settings, epochs, stop) -> {
            double code = Double.parseDouble(trial.values().get("code"));
            return new Trainings.Outcome("accuracy", code / epochs, false, epochs, false);
        });
        assertThat(search.run(trials(100), () -> false)).isTrue();
        assertThat(search.table().trials().stream().map(Trial::values))
                .hasSize(6)
                .doesNotHaveDuplicates();
    }

    @Test
    void aSearchOfWhichNoTrialCanBeTrainedEndsWithTheReason() {
        Search search = search((trial, settings, epochs, stop) -> {
            throw new IllegalStateException("out of memory");
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> search.run(trials(100), () -> false))
                .withMessage("the first 5 trials failed, the last one so: out of memory");
    }

    @Test
    void aTrialWithoutANumberHasFailed() {
        Search search = search((trial, settings, epochs, stop) -> new Trainings.Outcome(
                "loss", trial.number() == 1 ? Double.NaN : 1.0 / trial.number(), true, epochs, false));
        search.run(trials(3), () -> false);
        assertThat(search.table().trials().get(0).failed()).contains("no number");
        assertThat(search.best()).map(Trial::number).contains(3);
    }

    /** Each epoch takes a second of its own clock. */
    private static final class Clocked implements Trainings {

        private final Map<Integer, Integer> done = new HashMap<>();
        private long seconds;

        @Override
        public Outcome train(Trial trial, List<String> settings, int epochs, BooleanSupplier stop) {
            seconds += epochs - done.getOrDefault(trial.number(), 0);
            done.put(trial.number(), epochs);
            double lr = Double.parseDouble(trial.values().get("lr"));
            return new Outcome("accuracy", lr, false, epochs, stop.getAsBoolean());
        }

        @Override
        public long nanos() {
            return 1_000_000_000L * seconds;
        }
    }

    @ParameterizedTest
    @CsvSource({"40, false", "40, true", "100, true", "21, true"})
    void timeIsKeptForTheBestTrialsTrainingToItsEnd(int time, boolean retrain) {
        var trainings = new Clocked();
        Search search = search(Space.parse(List.of("lr=0.0001..1")), trainings);
        assertThat(search.run(new Search.Budget(0, Duration.ofSeconds(time), retrain), () -> false))
                .isTrue();
        assertThat(search.best().orElseThrow().rungs()).isEqualTo(3);
        assertThat(search.table().trials()).hasSizeGreaterThan(2);
        assertThat(trainings.seconds + (retrain ? 9 : 0)).isBetween(time - 9L, (long) time);
    }

    @Test
    void aDamagedTableIsRefused() throws java.io.IOException {
        search(this::train).run(trials(2), () -> false);
        Path file = folder.resolve(TrialTable.FILE);
        java.nio.file.Files.writeString(file, "{\"asked\": {");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrialTable.read(folder))
                .withMessage(file + ": is damaged. Start the search anew in another folder");
    }

    @Test
    void aBudgetOfNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trials(0))
                .withMessage("a search needs a number of trials or a time above 0, got 0 trials and 0 s");
    }
}
