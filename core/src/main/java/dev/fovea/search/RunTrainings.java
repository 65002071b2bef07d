package dev.fovea.search;

import dev.fovea.data.Splits;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Trains each trial as a run of its own, which is stopped after a rung's last epoch and goes on from there.
 *
 * @param recipe of all trials; its epochs are those of the last rung, by which schedules go
 * @param settings of all runs
 */
record RunTrainings(Recipe recipe, Splits data, RunSettings settings) implements Trainings {

    @Override
    public Outcome train(Trial trial, List<String> values, int epochs, BooleanSupplier stop) {
        Optional<Path> begun = run(trial);
        if (begun.isPresent() && Runs.of(begun.get()).epochs() >= epochs && epochs < recipe.epochs()) {
            return outcome(begun.get(), false); // killed between the end of the training and the table
        }
        var rung = new Rung(epochs);
        var listeners = new ArrayList<>(settings.listeners());
        listeners.add(rung);
        RunSettings own = settings.withListeners(listeners).withStop(() -> stop.getAsBoolean() || rung.reached.get());
        TrainingRun.Result result = begun.isPresent()
                ? Tasks.ALL.resume(begun.get(), data, own)
                : Tasks.ALL.train(Tasks.ALL.recipes().with(recipe, values), data, own.withName(name(trial)));
        return outcome(result.folder(), result.end() == Listener.End.STOPPED && !rung.reached.get());
    }

    private static Outcome outcome(Path run, boolean stopped) {
        Runs.Row row = Runs.of(run);
        return new Outcome(row.metric(), row.best(), row.lessIsBetter(), row.epochs(), stopped);
    }

    /** The run of a trial, if it has begun. */
    Optional<Path> run(Trial trial) {
        String beginning = name(trial) + "-";
        return Files.isDirectory(settings.out())
                ? Runs.in(settings.out()).stream()
                        .filter(row -> row.name().startsWith(beginning))
                        .map(Runs.Row::run)
                        .findFirst()
                : Optional.empty();
    }

    private static String name(Trial trial) {
        return String.format(Locale.ROOT, "trial-%03d", trial.number());
    }

    /** Removes checkpoints, which none of these trials needs any more. */
    void forget(List<Trial> trials) {
        for (Trial trial : trials) {
            run(trial).ifPresent(run -> {
                try (var files = Files.newDirectoryStream(run.resolve("checkpoints"))) {
                    for (Path file : files) {
                        Files.delete(file);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(run + ": its checkpoints cannot be removed", e);
                }
            });
        }
    }

    /** Says when the last epoch of a rung is done. */
    private static final class Rung implements Listener {

        private final int epochs;
        private final AtomicBoolean reached = new AtomicBoolean();

        Rung(int epochs) {
            this.epochs = epochs;
        }

        @Override
        public void onEpoch(Epoch epoch) {
            if (epoch.epoch() >= epochs) {
                reached.set(true);
            }
        }
    }
}
