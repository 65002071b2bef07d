package dev.fovea.task;

import dev.fovea.data.Augment;
import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Seed;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Layer;
import dev.fovea.train.Kept;
import dev.fovea.train.Listener;
import dev.fovea.train.Progress;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Trainer;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * One training run, from data and recipe to a run folder with model and report.
 *
 * <p>Only the parts {@code train} and {@code validation} of the data are touched.
 */
public final class TrainingRun {

    /**
     * What a run came to.
     *
     * @param folder of the run
     * @param end why it ended
     * @param epochs done in all
     * @param seconds of this process's part, everything included
     * @param imagesPerSecond of training alone, median over the epochs of this process; of none if there was no epoch
     * @param train metrics of the last epoch on the training part, as it was trained
     * @param validation metrics of the saved model, empty where there is no validation part
     * @param history one row per epoch, as in {@code metrics.csv}
     * @param kept which epoch's weights the saved model has
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
            Kept kept) {}

    private final Recipe recipe;
    private final Splits data;
    private final RunSettings settings;
    private final RunFolder folder;
    private final Learner learner;
    private final long began = System.nanoTime();

    private TrainingRun(Recipe recipe, Splits data, RunSettings settings, RunFolder folder, Learner learner) {
        this.recipe = recipe;
        this.data = data;
        this.settings = settings;
        this.folder = folder;
        this.learner = learner;
    }

    /** What the recipe's network is shown, for reading folders that could be images or clips. */
    public static Data.Content content(Recipe recipe) {
        return Inputs.content(recipe);
    }

    /** A new run in a new folder. */
    public static Result start(Recipe recipe, Splits data, RunSettings settings) {
        return start(recipe, data, settings, Learner.of(recipe.task()));
    }

    static Result start(Recipe asked, Splits data, RunSettings settings, Learner learner) {
        Recipe recipe = learner.resolved(asked);
        if (!settings.judges().isEmpty()
                && !Generator.TASKS.contains(recipe.task().word())) {
            throw new IllegalArgumentException("--judge: %s, for %s, makes no pictures to judge. Leave it out"
                    .formatted(recipe.model(), recipe.task().word()));
        }
        Splits ready = ready(recipe, data, learner);
        var folder = RunFolder.create(settings.out(), settings.name());
        RecipeFile.write(folder.recipe(), recipe);
        try {
            return new TrainingRun(recipe, ready, settings, folder, learner).run(false);
        } catch (IllegalArgumentException e) {
            if (!Files.exists(folder.last()) && !ModelPackage.isAt(folder.model())) {
                discard(folder, e); // nothing was learned that could be used or gone on with
            }
            throw e;
        }
    }

    /** What went wrong is what the user hears of, even if the folder cannot be removed. */
    private static void discard(RunFolder folder, IllegalArgumentException cause) {
        try {
            new TemporaryFolder(folder.path()).close();
        } catch (UncheckedIOException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Goes on with a run from its last checkpoint; the recipe is the run's own.
     *
     * @param epochs to train in all, or 0 for the recipe's number
     */
    public static Result resume(Path run, Splits data, RunSettings settings, int epochs) {
        var folder = new RunFolder(run);
        if (!Files.isRegularFile(folder.recipe())) {
            throw new IllegalArgumentException(run + ": not a run folder (no recipe.yaml)");
        }
        Recipe recorded = RecipeFile.read(folder.recipe(), List.of());
        Recipe recipe = epochs == 0 ? recorded : recorded.withEpochs(epochs);
        RecipeFile.write(folder.recipe(), recipe);
        Learner learner = Learner.of(recipe.task());
        Splits ready = ready(recipe, data, learner);
        return new TrainingRun(recipe, ready, settings, folder, learner).run(Files.exists(folder.last()));
    }

    /** A run whose folder is removed when it is done; what was learned stays with {@code learner}. */
    static void inTemporaryFolder(Recipe recipe, Splits data, Learner learner) {
        try (var folder = TemporaryFolder.create()) {
            start(recipe, data, RunSettings.in(folder.path(), "run"), learner);
        }
    }

    /** Trained on the part it has; a validation part is split off where the data has none. */
    private static Splits ready(Recipe recipe, Splits data, Learner learner) {
        Splits checked = learner.checked(data);
        if (checked.validation().size() > 0 || recipe.selection().validation() == 0) {
            return checked;
        }
        return checked.withValidationFrom(recipe.selection().validation(), recipe.seed());
    }

    private Result run(boolean resumed) {
        var device = Device.of(settings.device());
        Preprocess preprocess = learner.preprocess(recipe, data.train());
        new Seed(recipe.seed()).derive(0).apply();
        Layer net = Inputs.network(recipe, preprocess, data.train());
        settings.weights().forEach(file -> Pretrained.load(file, net));
        net.state().to(device);
        var run =
                new RunContext(recipe, data, folder, preprocess, net, device, Precision.of(recipe.precision()), began);
        if (!learner.steps()) {
            learner.prepare(run);
            return new Result(
                    folder.path(),
                    Listener.End.FINISHED,
                    1,
                    run.seconds(),
                    OptionalDouble.empty(),
                    Map.of(),
                    learner.finish(run, new History(List.of())),
                    List.of(),
                    Kept.NONE);
        }
        var watch = new RunRecord(folder);
        var listeners = new ArrayList<Listener>(settings.listeners());
        listeners.add(watch);
        listeners.add(new SampleGrids(folder));
        settings.judges().stream()
                .map(judge -> new GenerationTrend(
                        Classifier.judge(judge, settings.device()),
                        data.train(),
                        Generator.toldClasses(net, data.train().classes()),
                        folder,
                        List.copyOf(listeners)))
                .toList()
                .forEach(listeners::add);
        if (!resumed) {
            learner.prepare(run);
        }
        var trainer = new Trainer(recipe, net, learner.objective(run), device, folder, listeners);
        if (resumed) {
            trainer.resume();
            watch.rewind(trainer.progress());
        }
        Listener.End end;
        try (var train = training(preprocess);
                var validation = new Loader(
                        data.validation(),
                        preprocess,
                        Augment.none(),
                        Loader.Options.sequential(Math.max(learner.judgedAtOnce(), recipe.batch())))) {
            end = trainer.run(train, validation, stop());
        }
        return result(run, trainer.progress(), trainer.kept(), end, watch);
    }

    private Loader training(Preprocess preprocess) {
        Dataset pictures =
                recipe.input().resize() == ResizePolicy.PATCH ? data.train().decoded() : data.train();
        return new Loader(
                pictures.repeated(recipe.input().each()),
                preprocess,
                recipe.augment(),
                Loader.Options.training(
                        recipe.batch(), recipe.seed(), recipe.selection().balanced()));
    }

    private Result result(RunContext run, Progress progress, Kept kept, Listener.End end, RunRecord watch) {
        var history = progress.history();
        Map<String, Double> validation =
                end == Listener.End.STOPPED ? Map.of() : learner.finish(run.withKept(kept), new History(history, kept));
        Map<String, Double> train = new LinkedHashMap<>();
        if (!history.isEmpty()) {
            history.get(history.size() - 1).forEach((name, value) -> {
                if (name.startsWith("train_")) {
                    train.put(name.substring("train_".length()), value);
                }
            });
        }
        return new Result(
                folder.path(),
                end,
                history.size(),
                run.seconds(),
                watch.imagesPerSecond(),
                train,
                validation,
                history,
                kept);
    }

    private BooleanSupplier stop() {
        long limit = settings.maxTime().toNanos();
        return () -> settings.stop().getAsBoolean() || (limit > 0 && System.nanoTime() - began > limit);
    }
}
