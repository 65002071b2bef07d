package dev.fovea.task.autoencode;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.ImageMetrics;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Iterator;
import java.util.Map;

/**
 * Reconstructs images from their tokens; the gradient passes the quantization unchanged (straight-through estimator).
 */
record VectorQuantizationObjective(Quantization task, Loss loss, Pixels pixels) implements Objective {

    @Override
    public Outcome step(Module net, Batch batch) {
        var coder = (VqVae) net;
        Tensor images = pixels.images(batch);
        Tensor vectors = coder.vectors(images);
        VqVae.Quantized quantized = coder.quantized(vectors);
        coder.learn(vectors, quantized.tokens());
        Tensor made = coder.images(coder.through(vectors, quantized)).to(DType.FLOAT32);
        Tensor distance = vectors.mse(quantized.vectors().detach());
        return new Outcome(
                loss.ofValues(made, images).add(distance.mul(task.commitment())),
                Map.of(
                        "mse", made.detach().mse(images),
                        "codesUsed", used(coder, quantized.tokens())));
    }

    /** The share of the codebook that this batch uses. */
    private static Tensor used(VqVae coder, Tensor tokens) {
        long distinct = java.util.Arrays.stream(tokens.toLongs()).distinct().count();
        return Tensor.full(distinct / (double) coder.codes());
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var metrics = new ImageMetrics();
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Tensor images = pixels.images(batches.next());
                metrics.add(Layer.of(net).forward(images), images);
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
