package dev.fovea.search;

import dev.fovea.data.Splits;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Runs;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How long a training will take on this machine as it is now, from its first steps.
 *
 * @param setupSeconds before the first step
 * @param epochSeconds of an epoch with its validation
 * @param epochs of the recipe
 * @param seconds of all of it, without evaluation and report
 */
public record TrainingEstimate(double setupSeconds, double epochSeconds, int epochs, double seconds) {

    private static final double FORWARD = 0.4;

    /**
     * Measures it by a trial that leaves nothing behind.
     *
     * @param limit seconds after which the trial ends, once two steps are done
     * @param stop asked after every step; true ends it at once
     * @throws IllegalArgumentException if the recipe cannot be trained on the data
     */
    public static TrainingEstimate of(
            Recipe recipe, Splits data, RunSettings settings, double limit, BooleanSupplier stop) {
        Path folder = temporary();
        var time = new EpochTime(limit);
        try {
            TrainingRun.Result result = Tasks.ALL.train(
                    recipe.withEpochs(2), // the first is enough, and nothing is evaluated then
                    data,
                    settings.withOut(folder)
                            .withName("trial")
                            .withListeners(List.of(time))
                            .withStop(() -> time.getAsBoolean() || stop.getAsBoolean()));
            Runs.remove(result.folder());
            double share = data.validation().size() > 0
                    ? (double) data.validation().size()
                            / Math.max(1, data.train().size())
                    : recipe.selection().validation();
            double epoch = time.epoch() * (1 + FORWARD * share);
            return new TrainingEstimate(time.setup(), epoch, recipe.epochs(), time.setup() + recipe.epochs() * epoch);
        } finally {
            remove(folder);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("fovea-trial");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder can be made (" + e.getMessage() + ")", e);
        }
    }

    private static void remove(Path folder) {
        try (var left = Files.walk(folder)) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // the system's own place for what is not needed any more
        }
    }
}
