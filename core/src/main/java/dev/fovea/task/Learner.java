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
     * The data, if this task can be trained on it.
     *
     * @throws DataException if it cannot
     */
    default Splits checked(Splits data) {
        if (data.train().size() == 0) {
            throw new DataException("the data has no training part");
        }
        return data;
    }

    /** Whether training uses the labels of the data, as targets or as conditioning. */
    default boolean usesLabels() {
        return false;
    }

    /** The recipe with all that follows from it. */
    default Recipe resolved(Recipe recipe) {
        return recipe;
    }

    /** The input of the network. */
    default Preprocess preprocess(Recipe recipe, Dataset train) {
        return Inputs.of(recipe, train);
    }

    /** Whether the network is trained step by step; otherwise {@link #finish} does all. */
    default boolean steps() {
        return true;
    }

    /** What training means. */
    Objective objective(RunContext run);

    /** Loads into the network, before its first step, what is not trained, such as a tokenizer. */
    default void prepare(RunContext run) {}

    /** The batch size of evaluation; smaller where images are large. */
    default int evaluationBatch() {
        return 256;
    }

    /** The model of a run that has not come to its end, with the weights that the network has now. */
    default ModelPackage unfinished(RunContext run) {
        return run.model();
    }

    /** Whether {@link #unfinished} has the trained weights and nothing that is derived from them. */
    default boolean asLearned() {
        return true;
    }

    /** Saves and evaluates the trained model; returns its metrics on the validation part. */
    Map<String, Double> finish(RunContext run, History history);

    /** Warnings about the result of {@link #finish}, in sentences. */
    default List<String> remarks() {
        return List.of();
    }
}
