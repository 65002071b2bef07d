package dev.fovea.task;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.models.ModelPackage;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.util.List;
import java.util.Map;

/** What a task adds to a training run. */
interface Learner {

    /** Of this kind of task. */
    static Learner of(Task task) {
        if (task instanceof Task.Classification) {
            return new ClassifierLearner();
        }
        if (task instanceof Task.Reconstruction
                || task instanceof Task.Variational
                || task instanceof Task.Quantisation
                || task instanceof Task.Masking) {
            return new AutoencoderLearner();
        }
        if (task instanceof Task.Anomaly) {
            return new AnomalyLearner();
        }
        if (task instanceof Task.Restoration) {
            return new RestorerLearner();
        }
        if (task instanceof Task.Compression) {
            return new CodecLearner();
        }
        return new GeneratorLearner();
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

    /** Whether labels of the data are compared with what the network says, or told to it. */
    default boolean usesLabels() {
        return false;
    }

    /** The recipe with all that follows from it. */
    default Recipe resolved(Recipe recipe) {
        return recipe;
    }

    /** What the network is shown. */
    default Preprocess preprocess(Recipe recipe, Dataset train) {
        return Inputs.of(recipe, train);
    }

    /** Whether the network learns step by step; otherwise {@link #finish} does all. */
    default boolean steps() {
        return true;
    }

    /** What training means. */
    Objective objective(RunContext run);

    /** Gives the network, before its first step, what it does not learn itself. */
    default void prepare(RunContext run) {}

    /** Pictures judged together; fewer where they are large. */
    default int judgedAtOnce() {
        return 256;
    }

    /** The model of a run that has not come to its end, with the weights that the network has now. */
    default ModelPackage unfinished(RunContext run) {
        return run.model();
    }

    /** Whether {@link #unfinished} has the weights as they were learned and nothing that is made of them. */
    default boolean asLearned() {
        return true;
    }

    /** Saves and judges what was learned; returns its metrics on the validation part. */
    Map<String, Double> finish(RunContext run, History history);

    /** What its user should know of what {@link #finish} found, in sentences. */
    default List<String> remarks() {
        return List.of();
    }
}
