package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.io.Download;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.models.Models;
import dev.fovea.models.TaskConfig;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RecipeReader;
import dev.fovea.train.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tasks that are known, and what is done with a recipe or a saved model whose task is not known beforehand. */
public final class TaskTypes {

    private final List<TaskType<?>> all;
    private final RecipeReader recipes;

    /** @param all in the order in which messages name them */
    public TaskTypes(List<TaskType<?>> all) {
        this.all = List.copyOf(all);
        List<Task> defaults =
                all.stream().<Task>flatMap(type -> type.defaults().stream()).toList();
        recipes = new RecipeReader(defaults, this::recipe);
    }

    /** All of them. */
    public List<TaskType<?>> all() {
        return all;
    }

    /** These and one more. */
    public TaskTypes and(TaskType<?> type) {
        var more = new ArrayList<>(all);
        more.add(type);
        return new TaskTypes(more);
    }

    /**
     * The task of that word.
     *
     * @throws IllegalArgumentException that names the nearest, if there is none
     */
    public TaskType<?> of(String word) {
        return all.stream().filter(type -> type.word().equals(word)).findFirst().orElseThrow(() -> {
            List<String> words = all.stream().map(TaskType::word).toList();
            return new IllegalArgumentException("unknown task '%s'%s there are %s"
                    .formatted(Escaped.of(word), Nearest.hint(word, words, ","), String.join(", ", words)));
        });
    }

    /** The task that a recipe is for: that of its model, where it does not say. */
    public TaskType<?> of(Recipe recipe) {
        return recipe.task().given() ? of(recipe.task()) : ofModel(recipe.model());
    }

    /** The task of these settings. */
    public TaskType<?> of(Task settings) {
        return of(settings.word());
    }

    /** What a network, named or as text, is for: of all tasks that train networks of its class, the most special one. */
    public TaskType<?> ofModel(String model) {
        Class<?> networks = Models.network(model);
        List<TaskType<?>> fitting =
                all.stream().filter(type -> type.trains(networks)).toList();
        return fitting.stream()
                .filter(type -> fitting.stream()
                        .noneMatch(other -> other != type
                                && other.network() != type.network()
                                && type.network().isAssignableFrom(other.network())))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'%s' is a network for no task there is".formatted(model)));
    }

    /** The settings that suit {@code model}: those its task starts from. */
    public Recipe recipe(String model) {
        return recipe(model, "");
    }

    /**
     * The settings that suit {@code model} where it is trained for another task than its own.
     *
     * @param task its word; empty, or one that does not train such a network, for the model's own
     */
    public Recipe recipe(String model, String task) {
        TaskType<?> type = all.stream()
                .filter(one -> one.word().equals(task) && one.trains(Models.network(model)))
                .findFirst()
                .orElseGet(() -> ofModel(model));
        Recipe base = Recipe.base(model).withTask(type.defaults().get(0));
        return type.start(
                Models.wantsUnit(model) ? base.withInput(base.input().withNormalize(Recipe.Normalize.UNIT)) : base);
    }

    /**
     * {@link Recipe#fineTuned()} of {@code model}, to go on from {@code weights}, with images as they expect them; from those of
     * a run as its own recipe has them.
     *
     * @param model a name or layers, no recipe file
     * @param weights a file, what published weights are called, or a run
     * @param settings {@code key=value}, which win
     * @throws IllegalArgumentException if it learns neither labels nor numbers
     */
    public Recipe fineTune(String model, String weights, List<String> settings) {
        if (model.endsWith(".yaml") || model.endsWith(".yml")) {
            throw new IllegalArgumentException(
                    "fine-tuning is a recipe of its own, got %s. Name the model instead".formatted(model));
        }
        Recipe start = recipe(model, RecipeReader.task(settings).orElse(""));
        if (start.task().targetKind().places()) {
            throw new IllegalArgumentException(
                    "fine-tuning is for classifiers and regression; a network for places such as '%s' is trained from weights without"
                            .formatted(model));
        }
        if (!start.task().labelled() && start.task().targetKind() == TargetKind.ONE_CLASS) {
            throw new IllegalArgumentException(
                    "fine-tuning gives a network a new head for the classes or numbers of the data, '%s' is for %s. Train it from its weights without"
                            .formatted(model, start.task().word()));
        }
        Recipe tuned = start.fineTuned();
        boolean own = !PublishedModel.isPublished(model, weights);
        Path recipe = Path.of(weights).resolve("recipe.yaml");
        if (own && Files.isRegularFile(recipe)) {
            tuned = tuned.withInput(recipes.read(recipe, List.of()).input());
        } else if (own && Files.isDirectory(Path.of(weights))) {
            tuned = tuned.withInput(tuned.input().withNormalize(Recipe.Normalize.DATA));
        }
        var all = new ArrayList<>(PublishedWeights.recipe(model, weights, settings));
        all.addAll(settings);
        return recipes.with(tuned, all).checked();
    }

    /** Reads recipes for these tasks. */
    public RecipeReader recipes() {
        return recipes;
    }

    /** Trains a new run in a new folder. */
    public TrainingRun.Result train(Recipe recipe, Splits data, RunSettings settings) {
        return TrainingRun.start(of(recipe), recipe, data, settings);
    }

    /** Goes on with a run from its last checkpoint, as its recipe says. */
    public TrainingRun.Result resume(Path run, Splits data, RunSettings settings) {
        return resume(run, data, settings, List.of());
    }

    /**
     * Goes on with a run from its last checkpoint.
     *
     * @param changes of its recipe from here on, {@code key=value}
     * @throws IllegalArgumentException if a change is of what is fixed from the first step, the data is not that of the
     *     run, or another process is training it
     */
    public TrainingRun.Result resume(Path run, Splits data, RunSettings settings, List<String> changes) {
        return TrainingRun.resume(this, run, data, settings, changes);
    }

    /**
     * Goes on with a copy of a run; the run itself stays as it is.
     *
     * @param settings whose {@code out} is the parent of the copy
     * @param changes as {@link #resume} takes them
     */
    public TrainingRun.Result resumeCopy(Path run, Splits data, RunSettings settings, List<String> changes) {
        return TrainingRun.resumeCopy(this, run, data, settings, changes);
    }

    /**
     * Searches the learning rate that a recipe could use: the loss over a rising rate, drawn and written into a new folder.
     *
     * @throws IllegalArgumentException if its task has several losses, or none
     */
    public RateSearch.Found findRate(Recipe recipe, Splits data, RunSettings settings) {
        return RateSearch.run(of(recipe), recipe, data, settings);
    }

    /**
     * A model package, or the model of a run folder, of whatever task.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of an unknown task
     */
    public Saved load(Path path, String device) {
        TaskType<?> type = type(path);
        return new Saved(type, SavedNet.load(path, device, List.of(type)));
    }

    /**
     * A network of the registry with published weights, without any training; see {@link PublishedModel#load}.
     *
     * @throws IllegalArgumentException if it is unknown or neither classifies images nor finds objects in them, or the weights are not for
     *     it
     */
    public Saved published(String model, String weights, String device, Download.Progress progress) {
        TaskType<?> type = ofModel(model);
        return new Saved(type, PublishedModel.load(type, model, weights, device, progress));
    }

    /**
     * The model at {@code path}, if its task has answers that are explained one by one; the weights of others are not read.
     *
     * @param device auto, cpu or cuda
     */
    public Optional<Explained> explained(Path path, String device) {
        return type(path).explained().map(of -> of.apply(load(path, device).net()));
    }

    /** A saved model and what it is for. */
    public record Saved(TaskType<?> type, SavedNet net) {

        /**
         * The same with another setting of its task.
         *
         * @throws IllegalArgumentException if its task has no such setting
         */
        public Saved with(String setting, String value) {
            if (!RecipeFile.values(type.defaults().get(0)).containsKey(setting)) {
                throw new IllegalArgumentException(
                        "%s: a model for %s has no such setting".formatted(setting, type.word()));
            }
            return new Saved(
                    type, new SavedNet(net.model().withSetting(setting, value), net.device(), net.corruption()));
        }

        /** How good it is on {@code data}. */
        public Evaluated evaluate(Dataset data) {
            return type.evaluate(net, data);
        }

        /** What it answers about images. */
        public Predictor predictor() {
            return type.predictor(net);
        }

        /** The same as it is tried on single images. */
        public Trial trial() {
            return type.trial(net);
        }
    }

    /** What the model at {@code path} is for; its weights are not read. */
    public TaskType<?> type(Path path) {
        return of(SavedNet.config(path).task().type());
    }

    /**
     * What the model at {@code path} learned about each image, for reading data to evaluate it on.
     *
     * @throws IllegalArgumentException if there is no model, or it is damaged or of an unknown task
     */
    public TargetKind targetKind(Path path) {
        TaskConfig task = SavedNet.config(path).task();
        return new RecipeReader(of(task.type()).defaults(), this::recipe)
                .task(task.values(), "config.json")
                .targetKind();
    }

    /** Whether the task of the model at {@code path} is about classes, also of others than those of its training data. */
    public boolean newClasses(Path path) {
        Task task = type(path).defaults().get(0);
        return task.labelled() && task.newClasses();
    }

    /** Whether the task of the model at {@code path} is about the classes of images. */
    public boolean labelled(Path path) {
        return type(path).defaults().get(0).labelled();
    }
}
