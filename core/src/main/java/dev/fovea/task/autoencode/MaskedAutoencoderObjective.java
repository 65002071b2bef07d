package dev.fovea.task.autoencode;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.MaskedAutoencoder.Mask;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Iterator;
import java.util.Map;

/** Reconstructs masked patches from the visible ones; the loss is the squared error of the masked ones alone. */
record MaskedAutoencoderObjective(Masking task, Pixels pixels) implements Objective {

    @Override
    public Outcome step(Module net, Batch batch) {
        var coder = (MaskedAutoencoder) net;
        Seed seed = net.state().random().seed();
        Tensor error = error(coder, pixels.images(batch), coder.mask(batch.size(), task.maskRatio(), seed.value()));
        return new Outcome(error, Map.of("maskedMse", error.detach()));
    }

    private static Tensor error(MaskedAutoencoder coder, Tensor images, Mask mask) {
        Tensor made = coder.reconstructedPatches(images, mask).to(DType.FLOAT32);
        Tensor away = made.sub(coder.patches(images));
        Tensor hidden = mask.hidden().to(images.device());
        return away.mul(away).mean(2).unsqueeze(2).mul(hidden).sum().div(hidden.sum());
    }

    /** The same patches are masked at every validation. */
    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var coder = (MaskedAutoencoder) net;
        double sum = 0;
        double count = 0;
        for (long n = 0; batches.hasNext(); n++) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Mask mask = coder.mask(batch.size(), task.maskRatio(), -1 - n);
                sum += error(coder, pixels.images(batch), mask).item() * batch.size();
                count += batch.size();
            }
        }
        return Map.of("maskedMse", sum / count);
    }

    @Override
    public String criterion() {
        return "maskedMse";
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
