package dev.fovea.task.classify;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.ClassificationMetrics;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.train.HeadOutputs;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import dev.fovea.train.Validation;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * One class per image: the network gives logits [N, K], the loss compares them with the labels.
 *
 * @param classes names in the order of the logits
 * @param criterion the metric that picks the best epoch
 */
public record ClassificationObjective(List<String> classes, WeightedLoss loss, Pixels pixels, String criterion)
        implements Objective {

    /** Where every class is about as common as the others. */
    public static final String ACCURACY = "accuracy";

    /** Where it is not: accuracy would be high for a network that never predicts a rare class. */
    public static final String BALANCED_ACCURACY = "balancedAccuracy";

    public ClassificationObjective {
        classes = List.copyOf(classes);
    }

    /** Whose best epoch is picked by accuracy. */
    public ClassificationObjective(List<String> classes, Loss loss, Pixels pixels) {
        this(classes, WeightedLoss.plain(loss), pixels, ACCURACY);
    }

    @Override
    public void beginEpoch(int epoch, int epochs) {
        loss.begin(epoch, epochs);
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor targets = pixels.targets(batch);
        HeadOutputs outputs = HeadOutputs.of(net, pixels.images(batch));
        return outcome(outputs, targets);
    }

    /** Of what a network gave for a batch. */
    Outcome outcome(HeadOutputs outputs, Tensor targets) {
        Tensor sum = outputs.loss(logits -> loss.of(logits, targets));
        return new Outcome(sum, Map.of(ACCURACY, accuracy(outputs.last().detach(), targets)));
    }

    /**
     * Of mixed images, the share that the answered class has in them: as high as can be for who finds the larger part.
     */
    private static Tensor accuracy(Tensor logits, Tensor targets) {
        Tensor answers = logits.argmax(1);
        if (targets.dims() == 1) {
            return answers.eq(targets).to(DType.FLOAT32).mean();
        }
        Tensor classes = Tensor.arange(logits.size(1)).to(logits.device()).reshape(1, logits.size(1));
        Tensor chosen = answers.unsqueeze(1).sub(classes).eq(0).to(DType.FLOAT32);
        return chosen.mul(targets).sum(1).mean();
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        return validate(net, batches).metrics();
    }

    @Override
    public Validation validate(Module net, Iterator<Batch> batches) {
        var mistakes = new MistakeCollector(classes);
        var metrics = new ClassificationMetrics(classes);
        while (batches.hasNext()) {
            Batch batch = batches.next();
            float[] logits = logits(net, batch);
            metrics.add(logits, batch.labels());
            mistakes.add(logits, batch.indices(), batch.labels());
        }
        return new Validation(
                metrics.result().values(),
                mistakes.ranked().stream()
                        .map(one ->
                                new Validation.Mistake(one.index(), one.truth(), one.predicted(), one.probability()))
                        .toList());
    }

    /** All metrics of {@code net} over {@code batches}, the confusion matrix among them. */
    public ClassificationMetrics measure(Module net, Iterator<Batch> batches) {
        var metrics = new ClassificationMetrics(classes);
        while (batches.hasNext()) {
            Batch batch = batches.next();
            metrics.add(logits(net, batch), batch.labels());
        }
        return metrics;
    }

    /** Logits of one batch in row-major order, [N, K]. */
    public float[] logits(Module net, Batch batch) {
        try (var scope = new Scope()) {
            return Layer.of(net).forward(pixels.images(batch)).toFloats();
        }
    }

    @Override
    public boolean largerIsBetter() {
        return true;
    }
}
