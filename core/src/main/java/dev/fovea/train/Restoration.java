package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.PictureMetrics;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.Map;

/** The sound picture from a damaged one: the loss compares what the network makes with it. */
public record Restoration(Damaging damaging, Loss loss, Pixels pixels) implements Objective {

    @Override
    public Outcome step(Layer net, Batch batch) {
        Tensor sound = pixels.images(batch);
        // From the generator that the step has seeded, so that a resumed run draws the same.
        long seed = Tensor.rand(1).to(DType.FLOAT64).mul(1L << 40).toLongs()[0];
        Tensor made = net.forward(damaging.apply(sound, seed)).to(DType.FLOAT32);
        Tensor value = loss.ofValues(made, sound);
        Tensor psnr = made.detach().mse(sound).log().mul(-10 / Math.log(10));
        return new Outcome(value, Map.of("psnr", psnr));
    }

    @Override
    public Map<String, Double> evaluate(Layer net, Iterator<Batch> batches) {
        var metrics = new PictureMetrics();
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Tensor sound = pixels.images(batch);
                metrics.add(net.forward(damaged(sound, batch)).to(DType.FLOAT32).clamp(0, 1), sound);
            }
        }
        return metrics.values();
    }

    /** Each image by its own place in the data: what is beside it in the batch does not matter. */
    private Tensor damaged(Tensor sound, Batch batch) {
        var each = new ArrayList<Tensor>();
        for (int i = 0; i < batch.size(); i++) {
            each.add(damaging.apply(sound.narrow(0, i, 1), batch.indices()[i]));
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
