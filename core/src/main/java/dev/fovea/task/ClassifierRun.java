package dev.fovea.task;

import dev.fovea.data.Augment;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.Device;
import dev.fovea.engine.Engine;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Seed;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Layer;
import dev.fovea.train.Classification;
import dev.fovea.train.Listener;
import dev.fovea.train.Pixels;
import dev.fovea.train.Progress;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One training run of a classifier, from data and recipe to a run folder with model and report.
 *
 * <p>Only the parts {@code train} and {@code validation} of the data are touched.
 */
public final class ClassifierRun {

    /**
     * What a run came to.
     *
     * @param folder of the run
     * @param end why it ended
     * @param epochs done in all
     * @param seconds of this process's part, everything included
     * @param imagesPerSecond of training alone, median over the epochs of this process, or NaN
     * @param train metrics of the last epoch on the training part, as it was trained
     * @param validation metrics of the saved model, empty where there is no validation part
     */
    public record Result(
            Path folder,
            Listener.End end,
            int epochs,
            double seconds,
            double imagesPerSecond,
            Map<String, Double> train,
            Map<String, Double> validation,
            Classifier classifier) {}

    private final Recipe recipe;
    private final Splits data;
    private final RunSettings settings;
    private final RunFolder folder;
    private final boolean resumed;

    private ClassifierRun(Recipe recipe, Splits data, RunSettings settings, RunFolder folder, boolean resumed) {
        this.recipe = recipe;
        this.data = data;
        this.settings = settings;
        this.folder = folder;
        this.resumed = resumed;
    }

    /** A new run in a new folder. */
    public static Result start(Recipe recipe, Splits data, RunSettings settings) {
        Splits ready = ready(recipe, data);
        var folder = RunFolder.create(settings.out(), settings.name());
        RecipeFile.write(folder.recipe(), recipe);
        return new ClassifierRun(recipe, ready, settings, folder, false).run();
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
        return new ClassifierRun(recipe, ready(recipe, data), settings, folder, Files.exists(folder.last())).run();
    }

    static Result inTemporaryFolder(Recipe recipe, Splits data) {
        Path folder = Classifier.temporaryFolder();
        try {
            return start(recipe, data, RunSettings.in(folder, "run"));
        } finally {
            Deletion.of(folder);
        }
    }

    /** Trained on the part it has; a validation part is split off where the data has none. */
    private static Splits ready(Recipe recipe, Splits data) {
        Splits checked = data.forTraining();
        if (checked.validation().size() > 0 || recipe.selection().validation() == 0) {
            return checked;
        }
        return checked.withValidationFrom(recipe.selection().validation(), recipe.seed());
    }

    private Result run() {
        long began = System.nanoTime();
        var device = Device.of(settings.device());
        var precision = Precision.of(recipe.precision());
        Preprocess preprocess = Inputs.of(recipe, data.train());
        new Seed(recipe.seed()).derive(0).apply();
        Layer net = Inputs.network(recipe, preprocess, data.train());
        settings.weights().forEach(file -> Pretrained.load(file, net));
        net.state().to(device);
        var objective = new Classification(data.train().classes(), recipe.loss(), new Pixels(preprocess, device));
        var watch = new RunRecord(folder);
        var listeners = new ArrayList<Listener>(settings.listeners());
        listeners.add(watch);
        var trainer = new Trainer(recipe, net, objective, device, folder, listeners);
        if (resumed) {
            trainer.resume();
            watch.rewind(trainer.progress());
        }
        Listener.End end;
        try (var train = new Loader(
                        data.train(),
                        preprocess,
                        recipe.augment(),
                        Loader.Options.training(
                                recipe.batch(),
                                recipe.seed(),
                                recipe.selection().balanced()));
                var validation = new Loader(
                        data.validation(),
                        preprocess,
                        Augment.none(),
                        Loader.Options.sequential(Math.max(256, recipe.batch())))) {
            end = trainer.run(train, validation, stop(began));
        }
        return finish(trainer.progress(), end, net, preprocess, device, precision, watch, began);
    }

    private Result finish(
            Progress progress,
            Listener.End end,
            Layer net,
            Preprocess preprocess,
            Device device,
            Precision precision,
            RunRecord watch,
            long began) {
        var config = new ModelPackage.Config(
                ModelPackage.FORMAT,
                "classification",
                recipe.model(),
                data.train().classes(),
                preprocess,
                provenance(),
                Map.of());
        var classifier = new Classifier(new ModelPackage(config, net), device, precision, target -> {
            throw new IllegalStateException("report: the run had no pictures to validate on");
        });
        Map<String, Double> validation = Map.of();
        if (end != Listener.End.STOPPED) {
            if (data.validation().size() > 0) {
                Evaluation evaluation = classifier.evaluate(data.validation());
                validation = evaluation.result().values();
                var report = new ClassifierReport(
                        recipe, data.train(), data.validation(), classifier, evaluation, progress.history());
                double seconds = (System.nanoTime() - began) / 1e9;
                classifier = new Classifier(
                        classifier.model().withMetrics(validation),
                        device,
                        precision,
                        target -> report.write(target, seconds));
                classifier.save(folder.model());
                classifier.report(folder.path());
            } else {
                classifier.save(folder.model());
            }
        }
        var history = progress.history();
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
                (System.nanoTime() - began) / 1e9,
                watch.imagesPerSecond(),
                train,
                validation,
                classifier);
    }

    private BooleanSupplier stop(long began) {
        long limit = settings.maxTime().toNanos();
        return () -> settings.stop().getAsBoolean() || (limit > 0 && System.nanoTime() - began > limit);
    }

    private Map<String, String> provenance() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("made", Instant.now().toString());
        facts.put("run", String.valueOf(folder.path().getFileName()));
        facts.put("engine", "libtorch " + Engine.version());
        facts.put("recipe", RecipeFile.print(recipe));
        facts.put("trainImages", Integer.toString(data.train().size()));
        facts.put("validationImages", Integer.toString(data.validation().size()));
        return facts;
    }
}
