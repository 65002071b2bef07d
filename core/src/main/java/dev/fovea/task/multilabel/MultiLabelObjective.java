package dev.fovea.task.multilabel;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.train.HeadOutputs;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Any number of labels an image: the network gives logits [N, K], each of which is compared with whether its label is there.
 *
 * @param labels names in the order of the logits
 */
public record MultiLabelObjective(List<String> labels, Loss loss, Pixels pixels) implements Objective {

    public MultiLabelObjective {
        labels = List.copyOf(labels);
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor targets = pixels.targets(batch);
        HeadOutputs outputs = HeadOutputs.of(net, pixels.images(batch));
        return new Outcome(
                outputs.loss(logits -> loss.of(logits, targets)),
                Map.of("microF1", microF1(outputs.last().detach(), targets)));
    }

    /** With one half as the threshold of each label; of mixed images, those labels count of which half or more is there. */
    private static Tensor microF1(Tensor logits, Tensor targets) {
        Tensor given = logits.ge(0).to(DType.FLOAT32);
        Tensor there = targets.ge(0.5).to(DType.FLOAT32);
        Tensor hits = given.mul(there).sum();
        return hits.mul(2).div(given.sum().add(there.sum()).clamp(1, Float.MAX_VALUE));
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var probabilities = new ArrayList<float[]>();
        var truth = new ArrayList<boolean[]>();
        double sum = 0;
        while (batches.hasNext()) {
            Batch batch = batches.next();
            try (var scope = new Scope()) {
                Tensor logits = Layer.of(net).forward(pixels.images(batch)).to(DType.FLOAT32);
                Tensor targets = pixels.targets(batch);
                sum += loss.of(logits, targets).item() * batch.size();
                float[] each = logits.sigmoid().toFloats();
                float[] present = targets.toFloats();
                int k = labels.size();
                for (int i = 0; i < batch.size(); i++) {
                    probabilities.add(Arrays.copyOfRange(each, i * k, (i + 1) * k));
                    truth.add(present(present, i * k, k));
                }
            }
        }
        var scored = new MultiLabelResult.Scored(probabilities, truth);
        double[] halves = new double[labels.size()];
        Arrays.fill(halves, PrecisionRecall.USUAL);
        return MultiLabelResult.of(labels, scored, halves, sum / truth.size()).values();
    }

    private static boolean[] present(float[] values, int from, int count) {
        var present = new boolean[count];
        for (int c = 0; c < count; c++) {
            present[c] = values[from + c] >= 0.5;
        }
        return present;
    }

    @Override
    public String criterion() {
        return "map";
    }

    @Override
    public boolean largerIsBetter() {
        return true;
    }
}
