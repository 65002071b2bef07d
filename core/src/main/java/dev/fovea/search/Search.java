package dev.fovea.search;

import dev.fovea.engine.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A search for the values of a recipe's settings: proposed by a {@link Sampler} from all trials so far, trained as {@link
 * Halving} says.
 *
 * <p>One trial is trained at a time. The table is written after each, so that a search that ends, for whatever reason, can go on.
 */
final class Search {

    /** So many failures and not one success end a search. */
    private static final int FAILURES = 5;

    /** Proposals that were tried before are replaced so often. */
    private static final int REDRAWS = 100;

    /**
     * How long a search lasts.
     *
     * @param trials at most; 0 for no limit
     * @param time at most, the best trial's training to its end included; zero for no limit
     * @param retrain whether there must be time left to train the best recipe once more
     */
    record Budget(int trials, Duration time, boolean retrain) {
        Budget {
            if (trials < 0 || time.isNegative() || (trials == 0 && time.isZero())) {
                throw new IllegalArgumentException(
                        "a search needs a number of trials or a time above 0, got %s trials and %s s"
                                .formatted(trials, time.toSeconds()));
            }
        }
    }

    private final Space space;
    private final Sampler sampler;
    private final Halving halving;
    private final Trainings trainings;
    private final Path folder;
    private final Consumer<String> say;
    private final long began;
    private final double before;
    private TrialTable table;

    Search(
            Space space,
            Sampler sampler,
            Halving halving,
            Trainings trainings,
            Path folder,
            TrialTable table,
            Consumer<String> say) {
        this.space = space;
        this.sampler = sampler;
        this.halving = halving;
        this.trainings = trainings;
        this.folder = folder;
        this.table = table;
        this.say = say;
        before = table.seconds();
        began = trainings.nanos();
    }

    /**
     * Goes on until the budget is spent, nothing is left to try, or {@code stop} says so.
     *
     * @return false if {@code stop} ended it
     * @throws IllegalArgumentException if no trial can be trained
     */
    boolean run(Budget budget, BooleanSupplier stop) {
        while (!stop.getAsBoolean()) {
            Optional<Trial> next = next(budget);
            if (next.isEmpty()) {
                return true;
            }
            if (!train(next.get(), budget, stop)) {
                return !stop.getAsBoolean();
            }
            checkSomeSucceed();
        }
        return false;
    }

    TrialTable table() {
        return table;
    }

    Optional<Trial> best() {
        return halving.best(table.trials());
    }

    /** Of all processes of this search. */
    double seconds() {
        return before + (trainings.nanos() - began) / 1e9;
    }

    /** The trial that is trained next, if any: an interrupted one, one that is promoted, a new one; in the end the best. */
    private Optional<Trial> next(Budget budget) {
        Optional<Trial> interrupted = table.trials().stream()
                .filter(t -> t.rungs() == 0 && !t.hasFailed())
                .findFirst();
        if (interrupted.isPresent()) {
            return interrupted;
        }
        return halving.promoted(table.trials())
                .or(() -> proposed(budget))
                .filter(trial -> fits(trial, budget))
                .map(this::begun)
                .or(() -> halving.last(table.trials()));
    }

    /** Whether the trial's next rung leaves time for the best trial to be trained to its end. */
    private boolean fits(Trial trial, Budget budget) {
        if (budget.time().isZero() || best().isEmpty()) {
            return true;
        }
        double left = budget.time().toMillis() / 1e3 - seconds();
        return left >= seconds(trial, trial.rungs() + 1) + secondsOfBest(budget);
    }

    private double secondsOfBest(Budget budget) {
        Trial best = best().orElseThrow();
        double whole = halving.epochs(halving.top()) * secondsPerEpoch(best);
        return seconds(best, halving.top() + 1) + (budget.retrain() ? whole : 0);
    }

    /** What it takes to train a trial until it has done so many rungs. */
    private double seconds(Trial trial, int rungs) {
        int done = trial.rungs() == 0 ? 0 : halving.epochs(trial.rungs() - 1);
        return (halving.epochs(rungs - 1) - done) * secondsPerEpoch(trial);
    }

    /** Of this trial; of a new one, as of all others. */
    private double secondsPerEpoch(Trial trial) {
        List<Trial> known = trial.rungs() > 0
                ? List.of(trial)
                : table.trials().stream().filter(t -> t.rungs() > 0).toList();
        return known.stream().mapToDouble(Trial::seconds).sum()
                / known.stream().mapToDouble(t -> halving.epochs(t.rungs() - 1)).sum();
    }

    /** Values that no trial has; none where the trials are used up or all values of the space are tried. */
    private Optional<Trial> proposed(Budget budget) {
        int number = table.trials().size() + 1;
        if (budget.trials() > 0 && number > budget.trials()) {
            return Optional.empty();
        }
        SplittableRandom random = new Seed(table.asked().seed()).derive(number).random();
        for (int i = 0; i < REDRAWS; i++) {
            Sampler drawn = i < REDRAWS / 2 ? sampler : Sampler.random();
            var values = space.at(drawn.propose(space.settings(), seen(), random));
            if (table.trials().stream().noneMatch(trial -> trial.values().equals(values))) {
                return Optional.of(new Trial(number, values, List.of(), "", 0));
            }
        }
        return Optional.empty();
    }

    /** Written down before it is trained, so that a search that is killed goes on with the same trial. */
    private Trial begun(Trial trial) {
        put(trial);
        return trial;
    }

    /**
     * All trials that have ended a rung or failed, ranked: those that came further first, then by their score there. Those that
     * were left behind say where not to look; of those that came far alone, the densities would be as high where nobody has
     * looked as where it is no good.
     */
    private List<Sampler.Seen> seen() {
        List<Trial> ranked = table.trials().stream()
                .filter(trial -> trial.rungs() > 0 || trial.hasFailed())
                .sorted(Comparator.comparingInt((Trial trial) -> trial.hasFailed() ? -1 : trial.rungs())
                        .thenComparingDouble(Trial::last))
                .toList();
        return IntStream.range(0, ranked.size())
                .mapToObj(rank -> new Sampler.Seen(
                        space.places(ranked.get(rank).values()),
                        ranked.get(rank).hasFailed() ? Double.NEGATIVE_INFINITY : rank))
                .toList();
    }

    /**
     * To its next rung.
     *
     * @return false if it was stopped on the way
     */
    private boolean train(Trial trial, Budget budget, BooleanSupplier stop) {
        int epochs = halving.epochs(trial.rungs());
        say.accept("trial %s, to epoch %s: %s".formatted(trial.number(), epochs, Space.words(trial.values())));
        long start = trainings.nanos();
        Trainings.Outcome outcome;
        try {
            outcome = trainings.train(
                    trial, settings(trial.values()), epochs, () -> stop.getAsBoolean() || isOver(budget));
        } catch (RuntimeException e) {
            failed(trial, String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given"), start);
            return true;
        }
        if (outcome.stopped()) {
            put(trial.withMore((trainings.nanos() - start) / 1e9));
            return false;
        }
        if (!Double.isFinite(outcome.value())) {
            failed(trial, "its validation gave no number", start);
            return true;
        }
        table = table.with(table.trials(), outcome.metric(), seconds());
        put(trial.with(outcome.score(), (trainings.nanos() - start) / 1e9));
        say.accept(String.format(
                Locale.ROOT,
                "trial %d: %s %.4f after %s; the best is trial %d",
                trial.number(),
                outcome.metric(),
                outcome.value(),
                Measured.words(outcome.epochs()),
                best().orElseThrow().number()));
        return true;
    }

    private void failed(Trial trial, String reason, long start) {
        put(trial.withFailure(reason, (trainings.nanos() - start) / 1e9));
        say.accept("trial %s failed: %s".formatted(trial.number(), reason));
    }

    private boolean isOver(Budget budget) {
        return !budget.time().isZero() && seconds() > budget.time().toMillis() / 1e3;
    }

    private void checkSomeSucceed() {
        List<Trial> trials = table.trials();
        if (trials.size() >= FAILURES && trials.stream().allMatch(Trial::hasFailed)) {
            throw new IllegalArgumentException("the first %s trials failed, the last one so: %s"
                    .formatted(trials.size(), trials.get(trials.size() - 1).failed()));
        }
    }

    /** {@code key=value} for the recipe. */
    static List<String> settings(Map<String, String> values) {
        return values.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
    }

    private void put(Trial trial) {
        var trials = new ArrayList<>(table.trials());
        if (trial.number() <= trials.size()) {
            trials.set(trial.number() - 1, trial);
        } else {
            trials.add(trial);
        }
        table = table.with(trials, table.metric(), seconds());
        table.write(folder);
    }
}
