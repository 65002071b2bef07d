package dev.fovea.run;

import dev.fovea.data.Data;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.io.AtomicFile;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Pretrained;
import dev.fovea.train.DivergedException;
import dev.fovea.train.Listener;
import dev.fovea.train.Progress;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.RunLock;
import dev.fovea.train.SelectedEpoch;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One training run, from data and recipe to a run folder with model and report.
 *
 * <p>Only the parts {@code train} and {@code validation} of the data are touched.
 */
public final class TrainingRun {

    /**
     * The result of a run.
     *
     * @param folder of the run
     * @param end why it ended
     * @param epochs done in all
     * @param seconds of this process's part, everything included but pauses
     * @param imagesPerSecond of training alone, median over the epochs of this process; of none if there was no epoch
     * @param train metrics of the last epoch on the training part, as it was trained
     * @param validation metrics of the saved model, empty where there is no validation part
     * @param history one row per epoch, as in {@code metrics.csv}
     * @param selected the epoch whose weights the saved model has
     */
    public record Result(
            Path folder,
            Listener.End end,
            int epochs,
            double seconds,
            OptionalDouble imagesPerSecond,
            Map<String, Double> train,
            Map<String, Double> validation,
            List<Map<String, Double>> history,
            SelectedEpoch selected) {}

    private TrainingRun() {}

    /** The input of the recipe's network, for reading folders that could be images or clips. */
    public static Data.Content content(Recipe recipe) {
        return Inputs.content(recipe);
    }

    /**
     * A new run in a new folder.
     *
     * @param type the task that the recipe is for
     * @throws IllegalArgumentException if the recipe is for another task, or its network cannot be trained so
     */
    public static Result start(TaskType<?> type, Recipe recipe, Splits data, RunSettings settings) {
        return begin(type, recipe, data, settings).result();
    }

    private static RunExecution.Done begin(TaskType<?> type, Recipe asked, Splits data, RunSettings settings) {
        RunFolder.checkName(settings.out(), settings.name());
        settings.weights().forEach(Pretrained::check);
        Recipe recipe = type.resolved(checked(type, asked));
        if (!settings.classifier().isEmpty() && !type.generates()) {
            throw new IllegalArgumentException("classifier: %s, for %s, generates no images to evaluate. Leave it out"
                    .formatted(recipe.model(), type.word()));
        }
        Splits ready = ready(recipe, data, type);
        RunFacts facts = RunFacts.begun(
                new RunFacts.Asked(
                        LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        settings.command(),
                        settings.data(),
                        settings.weights().stream().map(Path::toString).toList(),
                        settings.classifier().stream().map(Path::toString).toList(),
                        settings.overfit(),
                        settings.ignoreHead()),
                RunFacts.Seen.of(ready, type.steps()));
        var folder = RunFolder.create(settings.out(), settings.name());
        try (var lock = RunLock.of(folder)) {
            data.files().forEach((name, text) -> AtomicFile.write(folder.path().resolve(name), text));
            facts.write(folder);
            RecipeFile.write(folder.recipe(), recipe); // last: with it this is a run
            return new RunExecution(recipe, ready, settings, folder, type, facts, List.of()).run(false);
        } catch (RuntimeException | Error e) {
            if (nothingLearned(folder)) {
                discard(folder, e);
            }
            throw e;
        }
    }

    /** With the task's usual settings where the recipe does not say what it is for. */
    private static Recipe checked(TaskType<?> type, Recipe asked) {
        Recipe recipe =
                asked.task().given() ? asked : asked.withTask(type.defaults().get(0));
        if (!type.settings().isInstance(recipe.task())) {
            throw new IllegalArgumentException("the recipe is for %s, expected one for %s"
                    .formatted(recipe.task().word(), type.word()));
        }
        if (!type.trains(Models.network(recipe.model()))) {
            throw new IllegalArgumentException("'%s' cannot be trained as task %s. Those that can are %s"
                    .formatted(recipe.model(), type.word(), type.models()));
        }
        return recipe;
    }

    /** Whether there is nothing that could be used, looked into or gone on with. */
    private static boolean nothingLearned(RunFolder folder) {
        return !Files.exists(folder.last())
                && !ModelPackage.isAt(folder.model())
                && !Files.exists(folder.divergedBatch());
    }

    /** What went wrong is what the user hears of, even if the folder cannot be removed. */
    private static void discard(RunFolder folder, Throwable cause) {
        try {
            new TemporaryFolder(folder.path()).close();
        } catch (UncheckedIOException e) {
            cause.addSuppressed(e);
        }
    }

    static Result resume(TaskTypes types, Path run, Splits data, RunSettings settings, List<String> changes) {
        Resumption wanted = Resumption.of(types, run, changes);
        if (!settings.weights().isEmpty()) {
            throw new IllegalArgumentException(
                    run + ": goes on with the weights it has; other weights are for a new run. Leave them out");
        }
        var folder = new RunFolder(run);
        try (var lock = RunLock.of(folder)) {
            boolean begun = Files.exists(folder.last());
            if (begun) {
                wanted.check(Progress.of(folder.last()));
            }
            TaskType<?> type = types.of(wanted.recipe().task());
            Splits ready = ready(wanted.recipe(), data, type);
            RunFacts.Seen seen = RunFacts.Seen.of(ready, type.steps());
            wanted.facts().ifPresent(facts -> facts.checkSame(run, seen));
            RunFacts facts = wanted.facts()
                    .orElseGet(() -> RunFacts.begun(
                            new RunFacts.Asked(
                                    "",
                                    settings.command(),
                                    settings.data(),
                                    List.of(),
                                    List.of(),
                                    settings.overfit(),
                                    false),
                            seen));
            RunSettings same = settings.withOverfit(facts.asked().overfit())
                    .withIgnoreHead(facts.asked().ignoreHead())
                    .withClassifier(
                            settings.classifier().isEmpty()
                                    ? paths(facts.asked().classifier())
                                    : settings.classifier())
                    .withWeights(begun ? List.of() : paths(facts.asked().weights()));
            return new RunExecution(wanted.recipe(), ready, same, folder, type, facts, List.of(wanted))
                    .run(begun)
                    .result();
        }
    }

    static Result resumeCopy(TaskTypes types, Path run, Splits data, RunSettings settings, List<String> changes) {
        Resumption wanted = Resumption.of(types, run, changes);
        var source = new RunFolder(run);
        RunFolder copy;
        try (var lock = RunLock.of(source)) {
            if (Files.exists(source.last())) {
                wanted.check(Progress.of(source.last()));
            }
            copy = source.copy(settings.out());
        }
        try {
            return resume(types, copy.path(), data, settings, changes);
        } catch (RuntimeException | Error e) {
            if (RunFacts.read(copy.path()).equals(wanted.facts())) { // else it failed on the way: what it came to stays
                discard(copy, e);
            }
            throw e;
        }
    }

    private static List<Path> paths(List<String> names) {
        return names.stream().map(Path::of).toList();
    }

    /**
     * A run whose folder is removed when it is done.
     *
     * @throws DivergedException if the loss is no longer finite
     */
    public static Trained inTemporaryFolder(TaskType<?> type, Recipe recipe, Splits data) {
        try (var folder = TemporaryFolder.create()) {
            RunSettings settings = RunSettings.in(folder.path(), "run");
            try {
                Finished finished =
                        begin(type, recipe, data, settings).finished().orElseThrow();
                return new Trained(new SavedNet(finished.model(), Device.of(settings.device())), finished.report());
            } catch (DivergedException e) {
                throw e.withBatchOutside();
            }
        }
    }

    /** A network that was trained in this program, and the report of that. */
    public record Trained(SavedNet net, Finished.Report report) {}

    /** Trained on the part it has; a validation part is split off where the data has none. */
    static Splits ready(Recipe recipe, Splits data, TaskType<?> type) {
        recipe.checked();
        Splits given = type.checked(data);
        Splits checked = type.usesLabels() ? Classes.matched(given) : given;
        if (checked.validation().size() > 0 || recipe.selection().validation() == 0) {
            boolean apart = checked.train() != checked.validation(); // else a few images are both, for a quick look
            return recipe.task().labelled() && apart ? checked.withContradictions() : checked;
        }
        return type.heldOut(checked, recipe);
    }
}
