package dev.fovea.task.compress;

import dev.fovea.data.Batch;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.ImageMetrics;
import dev.fovea.models.TransformCodec;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rate plus lambda times distortion: bits per pixel, and the squared error of values from 0 to 255. */
record RateDistortionObjective(Compression task, Pixels pixels) implements Objective {

    private static final double MOST = 255.0 * 255.0;

    @Override
    public Outcome step(Module net, Batch batch) {
        Cost cost = cost((TransformCodec) net, pixels.images(batch));
        return new Outcome(
                cost.bits().add(cost.error().mul(task.lambda() * MOST)),
                Map.of("bitsPerPixel", cost.bits().detach(), "mse", cost.error().detach()));
    }

    /** Bits per pixel, the squared error of values from 0 to 1, and the decoded images. */
    private record Cost(Tensor bits, Tensor error, Tensor made) {}

    private static Cost cost(TransformCodec codec, Tensor images) {
        Tensor latents = codec.quantized(codec.latents(images).to(DType.FLOAT32));
        double pixelCount = images.size(0) * images.size(2) * (double) images.size(3);
        Tensor bits;
        try (var exact = Autocast.off(images.device())) {
            bits = codec.prior().forward(latents).log().sum().mul(-1 / Math.log(2) / pixelCount);
        }
        Tensor made = codec.image(latents).to(DType.FLOAT32);
        return new Cost(bits, made.mse(images), made);
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var metrics = new ImageMetrics();
        double bits = 0;
        double error = 0;
        double count = 0;
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Tensor images = pixels.images(batch);
                Cost cost = cost((TransformCodec) net, images);
                bits += cost.bits().item() * batch.size();
                error += cost.error().item() * batch.size();
                count += batch.size();
                metrics.add(cost.made().clamp(0, 1), images);
            }
        }
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", bits / count + task.lambda() * MOST * error / count);
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
