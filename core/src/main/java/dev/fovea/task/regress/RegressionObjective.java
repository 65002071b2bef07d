package dev.fovea.task.regress;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.RegressionResult;
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
 * Numbers of an image: the network gives them standardised, [N, K], and so the loss compares them; metrics are in the units
 * of the data.
 *
 * @param names of the numbers, in the order of the outputs
 */
record RegressionObjective(List<String> names, Standardization scale, Loss loss, Pixels pixels) implements Objective {

    RegressionObjective {
        names = List.copyOf(names);
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor targets = scale.standardized(pixels.targets(batch));
        HeadOutputs outputs = HeadOutputs.of(net, pixels.images(batch));
        Tensor distance = outputs.last().detach().sub(targets).abs().mean(0);
        double[] deviations =
                scale.deviation().stream().mapToDouble(Double::doubleValue).toArray();
        Tensor unit =
                Tensor.of(deviations, deviations.length).to(distance.type()).to(distance.device());
        return new Outcome(
                outputs.loss(each -> loss.of(each, targets)),
                Map.of("mae", distance.mul(unit).mean()));
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var predicted = new ArrayList<float[]>();
        var truth = new ArrayList<float[]>();
        double sum = 0;
        int k = names.size();
        while (batches.hasNext()) {
            Batch batch = batches.next();
            try (var scope = new Scope()) {
                Tensor outputs = Layer.of(net).forward(pixels.images(batch)).to(DType.FLOAT32);
                Tensor targets = pixels.targets(batch);
                sum += loss.of(outputs, scale.standardized(targets)).item() * batch.size();
                float[] given = outputs.toFloats();
                float[] wanted = targets.toFloats();
                for (int i = 0; i < batch.size(); i++) {
                    predicted.add(scale.original(Arrays.copyOfRange(given, i * k, (i + 1) * k)));
                    truth.add(Arrays.copyOfRange(wanted, i * k, (i + 1) * k));
                }
            }
        }
        return RegressionResult.of(names, predicted, truth, sum / truth.size()).values();
    }

    @Override
    public String criterion() {
        return "loss";
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
