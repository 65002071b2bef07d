package dev.fovea.search;

import dev.fovea.data.Splits;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Trains each trial as a run of its own, which is stopped after a rung's last epoch and goes on from its checkpoint.
 *
 * @param recipe of all trials; its epochs are those of a whole training, by which schedules go
 * @param settings of all runs
 */
record RunTrainings(Recipe recipe, Splits data, RunSettings settings) implements Trainings {

    @Override
    public Outcome train(Trial trial, List<String> values, int epochs, BooleanSupplier stop) {
        Optional<Path> begun = run(trial);
        if (begun.isPresent()
                && epochs < recipe.epochs()
                && Runs.of(begun.get()).epochs() >= epochs) {
            return outcome(begun.get(), false); // killed between the end of the training and the table
        }
        var rung = new Rung(epochs);
        RunSettings own = settings.withListeners(List.of(rung)).withStop(() -> stop.getAsBoolean() || rung.isDone());
        TrainingRun.Result result = begun.isPresent()
                ? Tasks.ALL.resume(begun.get(), data, own.withWeights(List.of())) // its run knows them
                : Tasks.ALL.train(Tasks.ALL.recipes().with(recipe, values), data, own.withName(name(trial)));
        return outcome(result.folder(), result.end() == Listener.End.STOPPED && !rung.isDone());
    }

    private static Outcome outcome(Path run, boolean stopped) {
        Runs.Row row = Runs.of(run);
        return new Outcome(row.metric(), row.best(), Runs.lessIsBetter(row.metric()), row.epochs(), stopped);
    }

    /** The run of a trial, if it has begun. */
    Optional<Path> run(Trial trial) {
        return run(settings.out(), name(trial));
    }

    /** The first run of that name. A process that was killed may have left a folder in which no run had begun. */
    static Optional<Path> run(Path folder, String name) {
        for (int n = 1; Files.exists(folder.resolve(name + "-" + n)); n++) {
            if (Runs.isRun(folder.resolve(name + "-" + n))) {
                return Optional.of(folder.resolve(name + "-" + n));
            }
        }
        return Optional.empty();
    }

    static String name(Trial trial) {
        return String.format(Locale.ROOT, "trial-%03d", trial.number());
    }

    /** Removes the checkpoints of a trial that need not go on. */
    void removeCheckpoints(Trial trial) {
        run(trial).map(RunFolder::new).ifPresent(run -> {
            try {
                Files.deleteIfExists(run.last());
                Files.deleteIfExists(run.best());
            } catch (IOException e) {
                throw new UncheckedIOException(run.path() + ": its checkpoints cannot be removed", e);
            }
        });
    }

    /** Notices when the last epoch of a rung is done. */
    private static final class Rung implements Listener {

        private final int epochs;
        private final AtomicBoolean done = new AtomicBoolean();

        Rung(int epochs) {
            this.epochs = epochs;
        }

        boolean isDone() {
            return done.get();
        }

        @Override
        public void onEpoch(Epoch epoch) {
            if (epoch.epoch() >= epochs) {
                done.set(true);
            }
        }
    }
}
