package dev.fovea.task.restore;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.ImageMetrics;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.Map;

/** Restores degraded images: the loss compares the restored image with the clean one. */
record RestorationObjective(Degradation degradation, Loss loss, Pixels pixels) implements Objective {

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor clean = pixels.images(batch);
        Tensor made = Layer.of(net)
                .forward(degradation.apply(clean, net.state().random().seed()))
                .to(DType.FLOAT32);
        Tensor value = loss.ofValues(made, clean);
        Tensor psnr = made.detach().mse(clean).log().mul(-10 / Math.log(10));
        return new Outcome(value, Map.of("psnr", psnr));
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var metrics = new ImageMetrics();
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Tensor clean = pixels.images(batch);
                metrics.add(
                        Layer.of(net)
                                .forward(degraded(clean, batch))
                                .to(DType.FLOAT32)
                                .clamp(0, 1),
                        clean);
            }
        }
        return metrics.values();
    }

    /** Each image is degraded by its own position in the data, whatever else is in the batch. */
    private Tensor degraded(Tensor clean, Batch batch) {
        var each = new ArrayList<Tensor>();
        for (int i = 0; i < batch.size(); i++) {
            each.add(degradation.apply(clean.narrow(0, i, 1), new Seed(batch.indices()[i])));
        }
        return Tensor.cat(each, 0);
    }

    @Override
    public String criterion() {
        return "psnr";
    }

    @Override
    public boolean largerIsBetter() {
        return true;
    }
}
