package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.PictureMetrics;
import dev.fovea.models.TransformCodec;
import dev.fovea.nn.Layer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rate and distortion together: bits per pixel, and the squared error, of 255, weighed by the task's quality. */
public record Compressing(Task.Compression task, Pixels pixels) implements Objective {

    private static final double MOST = 255.0 * 255.0;

    @Override
    public Outcome step(Layer net, Batch batch) {
        Cost cost = cost((TransformCodec) net, pixels.images(batch));
        return new Outcome(
                cost.bits().add(cost.error().mul(task.quality() * MOST)),
                Map.of("bitsPerPixel", cost.bits().detach(), "mse", cost.error().detach()));
    }

    /** Bits per pixel, the squared error of values from 0 to 1, and the pictures that come back. */
    private record Cost(Tensor bits, Tensor error, Tensor made) {}

    private static Cost cost(TransformCodec codec, Tensor pictures) {
        Tensor latents = codec.quantised(codec.latents(pictures).to(DType.FLOAT32));
        double pixelCount = pictures.size(0) * pictures.size(2) * (double) pictures.size(3);
        Tensor bits;
        try (var exact = Autocast.off(pictures.device())) {
            bits = codec.prior().forward(latents).log().sum().mul(-1 / Math.log(2) / pixelCount);
        }
        Tensor made = codec.picture(latents).to(DType.FLOAT32);
        return new Cost(bits, made.mse(pictures), made);
    }

    @Override
    public Map<String, Double> evaluate(Layer net, Iterator<Batch> batches) {
        var metrics = new PictureMetrics();
        double bits = 0;
        double error = 0;
        double count = 0;
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Tensor pictures = pixels.images(batch);
                Cost cost = cost((TransformCodec) net, pictures);
                bits += cost.bits().item() * batch.size();
                error += cost.error().item() * batch.size();
                count += batch.size();
                metrics.add(cost.made().clamp(0, 1), pictures);
            }
        }
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", bits / count + task.quality() * MOST * error / count);
        values.put("bitsPerPixel", bits / count);
        values.putAll(metrics.values());
        return values;
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
