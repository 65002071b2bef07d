package dev.fovea.task;

import dev.fovea.models.Coding;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.VqVae;
import dev.fovea.train.Objective;
import dev.fovea.train.PatchPainting;
import dev.fovea.train.Quantising;
import dev.fovea.train.Reconstructing;
import dev.fovea.train.Task;
import dev.fovea.train.VariationalCoding;
import java.util.Map;

/** A run that makes an autoencoder. */
final class AutoencoderLearner implements Learner {

    private Autoencoder autoencoder;

    /** What the run has made. */
    Autoencoder autoencoder() {
        return autoencoder;
    }

    @Override
    public Objective objective(RunContext run) {
        if (run.recipe().task() instanceof Task.Masking masking && run.net() instanceof MaskedAutoencoder) {
            return new PatchPainting(masking, run.pixels());
        }
        if (!(run.net() instanceof Coding)) {
            throw new IllegalArgumentException(
                    "'%s' has no encoder and decoder. `models --task %s` lists those that have"
                            .formatted(run.recipe().model(), run.recipe().task().word()));
        }
        if (run.recipe().task() instanceof Task.Quantisation quantisation && run.net() instanceof VqVae) {
            return new Quantising(quantisation, run.recipe().loss(), run.pixels());
        }
        return run.recipe().task() instanceof Task.Variational variational
                ? new VariationalCoding(variational, run.recipe().loss(), run.pixels())
                : new Reconstructing(
                        (Task.Reconstruction) run.recipe().task(), run.recipe().loss(), run.pixels());
    }

    @Override
    public Map<String, Double> finish(RunContext run, History history) {
        autoencoder = new Autoencoder(new Network(run.model(), run.device()));
        Map<String, Double> metrics = Map.of();
        if (run.data().validation().size() > 0) {
            metrics = autoencoder.evaluate(run.data().validation());
            autoencoder = new Autoencoder(new Network(run.model().withMetrics(metrics), run.device()));
            if (run.net() instanceof MaskedAutoencoder) {
                new MaskingReport(run, autoencoder, metrics, history).write();
            } else {
                new AutoencoderReport(run, autoencoder, metrics, history).write();
            }
        }
        autoencoder.save(run.folder().model());
        return metrics;
    }
}
