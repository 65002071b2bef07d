package dev.fovea.task.counting;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Iterator;
import java.util.Map;

/** The squared error of a count; labels are counts. */
record CountingObjective(Counting task, Pixels pixels) implements Objective {

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor off = error(net, batch);
        return new Outcome(off.mul(off).mean().mul(task.weight()), Map.of());
    }

    private Tensor error(Module net, Batch batch) {
        Tensor counted =
                Layer.of(net).forward(pixels.images(batch)).to(DType.FLOAT32).squeeze(1);
        return counted.sub(pixels.labels(batch).to(DType.FLOAT32));
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        double sum = 0;
        long images = 0;
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                sum += error(net, batch).abs().sum().item();
                images += batch.size();
            }
        }
        return Map.of("mae", sum / images);
    }

    @Override
    public String criterion() {
        return "mae";
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
