package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.nn.Module;
import dev.fovea.train.Listener;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All that a task adds: how its networks are trained, what a run of it ends with, and how its models are used. A new task
 * is a folder with one of these in it, and a line in the list of task types.
 *
 * @param <S> the settings that only this task has
 */
public interface TaskType<S extends Task> {

    /** As in recipes, packages and the list of models. */
    String word();

    /** How its models are looked at: tasks of one kind are shown in the same way. A word of letters alone. */
    default String kind() {
        return word();
    }

    /** The class of its settings. */
    Class<S> settings();

    /** Settings a recipe starts from, the usual ones first; several where one of them decides what the others start from. */
    List<S> defaults();

    /** What the networks it trains have in common. */
    Class<?> network();

    /** Whether networks of such a class are for this task. */
    default boolean trains(Class<?> networks) {
        return network().isAssignableFrom(networks);
    }

    /** The networks of the registry that it trains, for a message. */
    default String models() {
        return Models.all().stream()
                .filter(entry -> trains(entry.config().network()))
                .map(ModelEntry::name)
                .collect(Collectors.joining(", "));
    }

    /** {@code base} with what runs of this task start from. */
    Recipe start(Recipe base);

    /** The settings in a recipe for this task. */
    default S settings(Recipe recipe) {
        return settings().cast(recipe.task());
    }

    /** The recipe with all that follows from it. */
    default Recipe resolved(Recipe recipe) {
        return recipe;
    }

    /**
     * The data, if this task can learn from it.
     *
     * @throws DataException if it cannot
     */
    default Splits checked(Splits data) {
        if (data.train().size() == 0) {
            throw new DataException("the data has no training part");
        }
        return data;
    }

    /** Data whose validation part is split off the training part: by default image by image, each class in equal shares. */
    default Splits heldOut(Splits data, Recipe recipe) {
        return data.withValidationFrom(recipe.selection().validation(), recipe.seed());
    }

    /** Whether labels of the data are compared with what the network says, or are its conditioning. */
    default boolean usesLabels() {
        return false;
    }

    /** Names of what the network gives for an image, the classes of the data for most tasks. */
    default List<String> outputs(Recipe recipe, Dataset train) {
        return train.classes();
    }

    /** What the network is shown. */
    default Preprocess preprocess(Recipe recipe, Dataset train) {
        return Inputs.of(recipe, train);
    }

    /** Whether the network learns step by step; otherwise {@link #finish} does all. */
    default boolean steps() {
        return true;
    }

    /**
     * Refuses a network that cannot do this with images and classes like these; by default none that {@link #trains} takes.
     *
     * @param model as recipes name it
     * @throws IllegalArgumentException if it cannot
     */
    default void checkFits(String model, Module net, Preprocess preprocess, int classes) {}

    /**
     * What training means.
     *
     * @throws IllegalArgumentException if this network cannot be trained so
     */
    Objective objective(RunContext run);

    /** Gives the network, before its first step, what it does not learn itself. */
    default void prepare(RunContext run) {}

    /** Images evaluated together; fewer where they are large. */
    default int evaluationBatch() {
        return 256;
    }

    /** The model of a run that has not come to its end, with the weights that the network has now. */
    default ModelPackage unfinished(RunContext run) {
        return run.model();
    }

    /** Whether {@link #unfinished} has the weights as they were learned and nothing that is made of them. */
    default boolean savesTrainedWeights() {
        return true;
    }

    /**
     * Whether runs of this task can be watched through a classifier that scores what the network generates.
     *
     * @see #scoring
     */
    default boolean generates() {
        return false;
    }

    /** Scores after every epoch what the network generates; for tasks that {@link #generates}. */
    default List<Listener> scoring(RunContext run, RunSettings settings, List<Listener> others) {
        return List.of();
    }

    /** Evaluates what was trained; its report is written once the model is saved. */
    Finished finish(RunContext run, History history);

    /**
     * Evaluates a saved model.
     *
     * @throws IllegalArgumentException if it cannot be evaluated on images alone
     */
    Evaluated evaluate(SavedNet net, Dataset data);

    /**
     * What a saved model answers about images.
     *
     * @throws IllegalArgumentException if models of this task answer nothing
     */
    default Predictor predictor(SavedNet net) {
        throw new IllegalArgumentException(
                "a model for %s predicts nothing about an image, one for classification does".formatted(word()));
    }

    /** What is kept of the answers of a saved model about images whose targets are known; none where that is not told image by image. */
    default Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.empty();
    }

    /**
     * A saved model as it is tried on single images; by default what it {@link #predictor answers}.
     *
     * @throws IllegalArgumentException if models of this task do nothing with an image
     */
    default Trial trial(SavedNet net) {
        return Trial.of(predictor(net));
    }

    /** What a saved model answers, as a tensor; none where that is what the network gives. */
    default Optional<TensorAnswer> answer(SavedNet net) {
        return Optional.empty();
    }

    /** Which of the objects that a saved model finds it answers with; none of tasks that find no objects. */
    default Optional<DetectionNet.Limits> answered(SavedNet net) {
        return Optional.empty();
    }

    /** How well a saved model does on single images; none where models of this task cannot be judged by one image. */
    default Optional<ItemScorer> items(SavedNet net) {
        return Optional.empty();
    }

    /** Makes of a saved model one whose answers can be explained one by one; none where models of this task cannot be, or in another way. */
    default Optional<Function<SavedNet, Explained>> explained() {
        return Optional.empty();
    }
}
