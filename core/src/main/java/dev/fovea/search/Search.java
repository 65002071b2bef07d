package dev.fovea.search;

import dev.fovea.engine.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A search for good values of a recipe's settings: proposals by {@link TreeParzen} from the trials of the highest rung that has
 * enough of them (Falkner et al. 2018, <a href="https://arxiv.org/abs/1807.01774">1807.01774</a>), trained by {@link Halving}.
 *
 * <p>One trial is trained at a time. After each the table is written: a search that ends, for whatever reason, can go on.
 */
final class Search {

    /**
     * How long a search lasts.
     *
     * @param trials at most; 0 for no limit
     * @param time at most, the training of the best trial to its end included; zero for no limit
     * @param again whether the best is trained once more after that, for which there must be time too
     */
    record Budget(int trials, Duration time, boolean again) {
        Budget {
            if (trials < 0 || time.isNegative() || (trials == 0 && time.isZero())) {
                throw new IllegalArgumentException(
                        "a search needs a number of trials or a time from 1 on, got %s trials and %s s"
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
    private final long began = System.nanoTime();
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
    }

    /**
     * Goes on until the budget is spent or {@code stop} says so.
     *
     * @return whether it came to its end
     */
    boolean run(Budget budget, BooleanSupplier stop) {
        while (!stop.getAsBoolean()) {
            Optional<Trial> next = next(budget);
            if (next.isEmpty()) {
                return true;
            }
            if (!climb(next.get(), budget, stop)) {
                return !stop.getAsBoolean();
            }
        }
        return false;
    }

    TrialTable table() {
        return table;
    }

    Optional<Trial> best() {
        return halving.best(table.trials());
    }

    private double seconds() {
        return before + (System.nanoTime() - began) / 1e9;
    }

    private Optional<Trial> next(Budget budget) {
        Optional<Trial> interrupted =
                table.trials().stream().filter(t -> t.rungs() == 0 && !t.hasFailed()).findFirst();
        if (interrupted.isPresent()) {
            return interrupted;
        }
        if (isTimeForTheBest(budget)) {
            return halving.last(table.trials());
        }
        Optional<Trial> promoted = halving.promoted(table.trials());
        if (promoted.isPresent()) {
            return promoted;
        }
        if (budget.trials() > 0 && table.trials().size() >= budget.trials()) {
            return halving.last(table.trials());
        }
        return Optional.of(proposed());
    }

    /** Whether what is left is what the best trial needs to come to its end. */
    private boolean isTimeForTheBest(Budget budget) {
        if (budget.time().isZero()) {
            return false;
        }
        double left = budget.time().toMillis() / 1e3 - seconds();
        return left
                <= best().filter(trial -> !trial.hasFailed())
                        .map(trial -> seconds(trial, halving.epochs().get(trial.rungs() - 1), budget.again()))
                        .orElse(0.0);
    }

    /** What a trial needs that has done so many epochs. */
    private double seconds(Trial trial, double done, boolean again) {
        double all = halving.epochs().get(halving.top());
        return trial.seconds() / done * (all - done + (again ? all : 0));
    }

    private Trial proposed() {
        int number = table.trials().size() + 1;
        var random = new Seed(table.asked().seed()).derive(number).random();
        double[] places = sampler.propose(space.settings(), seen(), random);
        var trial = new Trial(number, space.at(places), List.of(), "", 0);
        put(trial);
        return trial;
    }

    /** The trials of the highest rung that has enough of them to learn from, else of the first. */
    private List<Sampler.Seen> seen() {
        for (int rung = halving.top(); rung > 0; rung--) {
            List<Sampler.Seen> there = seen(rung);
            if (there.size() >= Math.max(TreeParzen.USUAL.startup(), space.settings().size() + 2)) {
                return there;
            }
        }
        return seen(0);
    }

    private List<Sampler.Seen> seen(int rung) {
        return table.trials().stream()
                .filter(trial -> trial.rungs() > rung || (rung == 0 && trial.hasFailed()))
                .map(trial -> new Sampler.Seen(space.places(trial.values()), trial.score(rung)))
                .toList();
    }

    /**
     * To its next rung.
     *
     * @return false if it was stopped on the way
     */
    private boolean climb(Trial trial, Budget budget, BooleanSupplier stop) {
        int epochs = halving.epochs().get(trial.rungs());
        say.accept("trial %s, to epoch %s: %s".formatted(trial.number(), epochs, Space.words(trial.values())));
        long start = System.nanoTime();
        Trainings.Outcome outcome;
        try {
            outcome = trainings.train(trial, settings(trial), epochs, () -> stop.getAsBoolean() || isOver(budget));
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("it failed");
            put(trial.withFailure(reason, (System.nanoTime() - start) / 1e9));
            say.accept("trial %s failed: %s".formatted(trial.number(), reason));
            return true;
        }
        if (outcome.stopped()) {
            put(trial);
            return false;
        }
        Trial known = trial.with(outcome.score(), (System.nanoTime() - start) / 1e9);
        table = table.with(table.trials(), outcome.metric(), seconds());
        put(known);
        say.accept(String.format(
                Locale.ROOT,
                "trial %d: %s %.4f after %d epochs; the best is trial %d",
                trial.number(),
                outcome.metric(),
                outcome.value(),
                outcome.epochs(),
                best().orElseThrow().number()));
        return true;
    }

    private boolean isOver(Budget budget) {
        return !budget.time().isZero() && seconds() > budget.time().toMillis() / 1e3;
    }

    static List<String> settings(Trial trial) {
        return trial.values().entrySet().stream()
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
