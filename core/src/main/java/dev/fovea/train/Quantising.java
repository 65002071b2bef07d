package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.PictureMetrics;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import java.util.Iterator;
import java.util.Map;

/** The picture back from its tokens; gradients pass the choice of a token as if it were none. */
public record Quantising(Task.Quantisation task, Loss loss, Pixels pixels) implements Objective {

    @Override
    public Outcome step(Layer net, Batch batch) {
        var coder = (VqVae) net;
        Tensor pictures = pixels.images(batch);
        Tensor vectors = coder.vectors(pictures);
        VqVae.Quantised quantised = coder.quantised(vectors);
        coder.learn(vectors, quantised.tokens());
        Tensor made = coder.pictures(coder.through(vectors, quantised)).to(DType.FLOAT32);
        Tensor distance = vectors.mse(quantised.vectors().detach());
        return new Outcome(
                loss.ofValues(made, pictures).add(distance.mul(task.commitment())),
                Map.of(
                        "mse", made.detach().mse(pictures),
                        "codesUsed", used(coder, quantised.tokens())));
    }

    /** How many codes stand for something in this batch, as a share. */
    private static Tensor used(VqVae coder, Tensor tokens) {
        long distinct = java.util.Arrays.stream(tokens.toLongs()).distinct().count();
        return Tensor.full(distinct / (double) coder.codes());
    }

    @Override
    public Map<String, Double> evaluate(Layer net, Iterator<Batch> batches) {
        var metrics = new PictureMetrics();
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Tensor pictures = pixels.images(batches.next());
                metrics.add(net.forward(pictures), pictures);
            }
        }
        return metrics.values();
    }

    @Override
    public String criterion() {
        return "mse";
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
