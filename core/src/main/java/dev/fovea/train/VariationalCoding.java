package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.metrics.PictureMetrics;
import dev.fovea.models.Vae;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The evidence lower bound of a {@link Vae}: what the picture costs given its code, summed over its pixels, and beta
 * times what the code costs; both in nats a picture.
 */
public record VariationalCoding(Task.Variational task, Loss loss, Pixels pixels) implements Objective {

    @Override
    public Outcome step(Layer net, Batch batch) {
        Tensor pictures = pixels.images(batch);
        Bound bound = bound((Vae) net, pictures);
        return new Outcome(
                bound.picture().add(bound.code().mul(task.beta())),
                Map.of("picture", bound.picture().detach(), "code", bound.code().detach()));
    }

    /** Nats a picture. */
    private record Bound(Tensor picture, Tensor code) {}

    private Bound bound(Vae net, Tensor pictures) {
        Vae.Posterior raw = net.posterior(pictures);
        var posterior = new Vae.Posterior(
                raw.mean().to(DType.FLOAT32), raw.logVariance().to(DType.FLOAT32));
        Tensor logits = net.logits(posterior.draw()).to(DType.FLOAT32);
        double values = pictures.elements() / (double) pictures.size(0);
        Tensor cost = loss instanceof Loss.BinaryCrossEntropy
                ? loss.of(logits, pictures) // exact where probabilities would be rounded to 0 or 1
                : loss.ofValues(logits.sigmoid(), pictures);
        return new Bound(cost.mul(values), posterior.divergence().mean());
    }

    /**
     * The bound and its two parts in nats a picture, errors of what comes back and, where pixels are taken for
     * probabilities of white, {@code bitsPerDimension}: the bound without beta in bits for each value, at least what the
     * picture costs.
     */
    @Override
    public Map<String, Double> evaluate(Layer net, Iterator<Batch> batches) {
        var metrics = new PictureMetrics();
        double picture = 0;
        double code = 0;
        double count = 0;
        double values = 0;
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Tensor pictures = pixels.images(batch);
                Bound bound = bound((Vae) net, pictures);
                picture += bound.picture().item() * batch.size();
                code += bound.code().item() * batch.size();
                count += batch.size();
                values = pictures.elements() / (double) pictures.size(0);
                metrics.add(net.forward(pictures), pictures);
            }
        }
        var all = new LinkedHashMap<String, Double>();
        all.put("loss", (picture + task.beta() * code) / count);
        all.put("picture", picture / count);
        all.put("code", code / count);
        if (loss instanceof Loss.BinaryCrossEntropy) {
            all.put("bitsPerDimension", (picture + code) / count / values / Math.log(2));
        }
        all.putAll(metrics.values());
        return all;
    }

    @Override
    public List<Image> samples(Layer net, int from, int count) {
        var vae = (Vae) net;
        return Pictures.of(vae.decode(Tensor.randn(count, vae.codeSize()).to(pixels.device())));
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
