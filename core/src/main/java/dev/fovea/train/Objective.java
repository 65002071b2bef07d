package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.nn.Module;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What training means for a task: the loss of a batch, and the metrics on held-out data. */
public interface Objective {

    /**
     * The loss and metrics of one batch.
     *
     * @param loss a scalar, the mean over the batch, float32
     * @param metrics scalars reported while training, each a mean over the batch
     */
    record Outcome(Tensor loss, Map<String, Tensor> metrics) {}

    /**
     * A part of a step with a loss and an update of its own.
     *
     * @param prefix of the names of the weights that it changes; empty for all
     */
    record Phase(String prefix) {

        /** The only one of most tasks. */
        public static final Phase ALL = new Phase("");

        /** The part of the network that is trained in it, {@code generator} of {@code generator.}. */
        public String part() {
            return prefix.substring(0, Math.max(0, prefix.length() - 1));
        }
    }

    /** Told before the steps of each epoch, also of a run that goes on, which of how many it is, from 1. */
    default void beginEpoch(int epoch, int epochs) {}

    /** The phases of a step, in their order. */
    default List<Phase> phases() {
        return List.of(Phase.ALL);
    }

    /** Whether {@code phase} is part of this step; the first step, 0, has all phases. */
    default boolean due(Phase phase, long step) {
        return true;
    }

    /**
     * The loss of {@code batch}; the caller opens the scope and the precision. What is drawn is drawn from the stream
     * of
     * {@code net}'s state, which the trainer begins anew at each step.
     */
    Outcome step(Module net, Batch batch);

    /** The loss of {@code batch} in one phase. */
    default Outcome step(Module net, Batch batch, Phase phase) {
        return step(net, batch);
    }

    /**
     * Samples of a generator for reports and listeners, its classes in turn; none for most tasks. The caller opens the scope
     * and restarts the random stream of {@code net}'s state, the same every time.
     *
     * @param from number of samples before these
     */
    default List<Image> samples(Module net, int from, int count) {
        return List.of();
    }

    /** Warnings about a run whose epoch had these mean metrics, with what to change; mostly none. */
    default List<String> remarks(Map<String, Double> means) {
        return List.of();
    }

    /** Whether {@link #evaluate} has metrics; where it has none, validation images are not even read. */
    default boolean validates() {
        return true;
    }

    /** Metrics over {@code batches} of a network in evaluation mode, by the names of the command line's JSON. */
    Map<String, Double> evaluate(Module net, Iterator<Batch> batches);

    /** The same with what it shows of single images, for who watches; by default nothing. */
    default Validation validate(Module net, Iterator<Batch> batches) {
        return new Validation(evaluate(net, batches), List.of());
    }

    /** The metric that picks the best epoch, such as {@code accuracy}. */
    String criterion();

    /** Whether a larger {@link #criterion()} is better. */
    boolean largerIsBetter();
}
