package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.models.Coding;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.VqVae;
import dev.fovea.train.Objective;
import dev.fovea.train.PatchPainting;
import dev.fovea.train.Quantising;
import dev.fovea.train.Reconstructing;
import dev.fovea.train.Task;
import dev.fovea.train.VariationalCoding;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run that makes an autoencoder. */
final class AutoencoderLearner implements Learner {

    /** Validation pictures that thresholds are chosen by, at most. */
    private static final int SOUND = 1000;

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
        autoencoder.save(run.folder().model()); // first: nothing that fails later is to cost the model
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Map.of();
        }
        Map<String, Double> metrics = autoencoder.evaluate(validation);
        var kept = new LinkedHashMap<>(metrics);
        if (!(run.net() instanceof MaskedAutoencoder)) { // which paints other patches every time
            kept.putAll(thresholds(Subset.evenly(validation, SOUND)));
        }
        autoencoder = new Autoencoder(new Network(run.model().withMetrics(kept), run.device()));
        autoencoder.save(run.folder().model());
        if (run.net() instanceof MaskedAutoencoder) {
            new MaskingReport(run, autoencoder, metrics, history).write();
        } else {
            new AutoencoderReport(run, autoencoder, metrics, history).write();
        }
        return metrics;
    }

    /** What nearly all of these pictures score less than, should they be the sound ones of an anomaly detector. */
    private Map<String, Double> thresholds(Dataset sound) {
        var thresholds = new LinkedHashMap<String, Double>();
        Image seen = autoencoder.seen(sound.image(0));
        for (AnomalyDetector.Score score : AnomalyDetector.Score.values()) {
            if (score.fits(seen)) {
                thresholds.put(
                        score.threshold(),
                        AnomalyDetector.of(autoencoder, score).threshold(sound, AnomalyDetector.SHARE));
            }
        }
        return thresholds;
    }
}
