package dev.fovea.task.autoencode;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.metrics.ImageMetrics;
import dev.fovea.models.Vae;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The negative evidence lower bound of a {@link Vae}: the reconstruction term, summed over the values of an image, plus
 * beta times the Kullback-Leibler divergence of the code; both in nats per image.
 */
record VariationalObjective(Variational task, Loss loss, Pixels pixels) implements Objective {

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor images = pixels.images(batch);
        Bound bound = bound((Vae) net, images);
        return new Outcome(
                bound.reconstruction().add(bound.kl().mul(task.beta())),
                Map.of(
                        "reconstruction",
                        bound.reconstruction().detach(),
                        "kl",
                        bound.kl().detach()));
    }

    /** Nats per image. */
    private record Bound(Tensor reconstruction, Tensor kl) {}

    private Bound bound(Vae net, Tensor images) {
        Vae.Posterior raw = net.posterior(images);
        var posterior = new Vae.Posterior(
                raw.mean().to(DType.FLOAT32), raw.logVariance().to(DType.FLOAT32));
        Tensor logits = net.logits(posterior.draw(net.state().random())).to(DType.FLOAT32);
        double values = images.elements() / (double) images.size(0);
        Tensor cost = loss instanceof Loss.BinaryCrossEntropy
                ? loss.of(logits, images) // exact where probabilities would be rounded to 0 or 1
                : loss.ofValues(logits.sigmoid(), images);
        return new Bound(cost.mul(values), posterior.divergence().mean());
    }

    /**
     * The bound and its two terms in nats per image, errors of the reconstruction and, where pixels are taken as
     * probabilities, {@code bitsPerDimension}: the bound without beta in bits per value, an upper bound on the negative
     * log-likelihood.
     */
    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var metrics = new ImageMetrics();
        double reconstruction = 0;
        double kl = 0;
        double count = 0;
        double values = 0;
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Tensor images = pixels.images(batch);
                Bound bound = bound((Vae) net, images);
                reconstruction += bound.reconstruction().item() * batch.size();
                kl += bound.kl().item() * batch.size();
                count += batch.size();
                values = images.elements() / (double) images.size(0);
                metrics.add(Layer.of(net).forward(images), images);
            }
        }
        var all = new LinkedHashMap<String, Double>();
        all.put("loss", (reconstruction + task.beta() * kl) / count);
        all.put("reconstruction", reconstruction / count);
        all.put("kl", kl / count);
        if (loss instanceof Loss.BinaryCrossEntropy) {
            all.put("bitsPerDimension", (reconstruction + kl) / count / values / Math.log(2));
        }
        all.putAll(metrics.values());
        return all;
    }

    @Override
    public List<Image> samples(Module net, int from, int count) {
        var vae = (Vae) net;
        return ImageTensors.of(vae.decode(
                Tensor.randn(net.state().random(), count, vae.codeSize()).to(pixels.device())));
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
