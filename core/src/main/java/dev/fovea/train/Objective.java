package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import java.util.Iterator;
import java.util.Map;

/** What training means for a task: the loss of a batch, and how well a network does on data it did not see. */
public interface Objective {

    /**
     * What one batch came to.
     *
     * @param loss a scalar, the mean over the batch, float32
     * @param metrics scalars shown while training, each a mean over the batch
     */
    record Outcome(Tensor loss, Map<String, Tensor> metrics) {}

    /** The loss of {@code batch}; the caller opens the scope, the precision and the seed of the step. */
    Outcome step(Layer net, Batch batch);

    /** Metrics over {@code batches} of a network in evaluation mode, by the names of the command line's JSON. */
    Map<String, Double> evaluate(Layer net, Iterator<Batch> batches);

    /** The metric that picks the best epoch, such as {@code accuracy}. */
    String criterion();

    /** Whether a larger {@link #criterion()} is better. */
    boolean largerIsBetter();
}
