package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.models.AutoencoderNet;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.Vae;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Layer;
import dev.fovea.train.MaskedAutoencoderObjective;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.ReconstructionObjective;
import dev.fovea.train.Task;
import dev.fovea.train.VariationalObjective;
import dev.fovea.train.VectorQuantizationObjective;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run that trains an autoencoder. */
final class AutoencoderLearner implements Learner {

    /** Validation images that thresholds are chosen by, at most. */
    private static final int NORMAL = 1000;

    private Autoencoder autoencoder;

    /** The result of the run. */
    Autoencoder autoencoder() {
        return autoencoder;
    }

    @Override
    public Objective objective(RunContext run) {
        if (run.recipe().task() instanceof Task.Reconstruction task
                && task.targetActivation() > 0
                && run.net() instanceof AutoencoderNet coding
                && !coding.boundedCode()) {
            throw new IllegalArgumentException(
                    "task.targetActivation: the code's numbers must lie between 0 and 1, those of '%s' do not. Set the option activation=sigmoid, or end the encoder with sigmoid"
                            .formatted(run.recipe().model()));
        }
        return objective(run.recipe(), run.net(), run.pixels());
    }

    /** The objective of a run of this recipe. */
    static Objective objective(Recipe recipe, Layer net, Pixels pixels) {
        if (recipe.task() instanceof Task.Masking masking && net instanceof MaskedAutoencoder) {
            return new MaskedAutoencoderObjective(masking, pixels);
        }
        if (!(net instanceof AutoencoderNet)) {
            throw new IllegalArgumentException("'%s' has no encoder and decoder. Those that have are %s"
                    .formatted(recipe.model(), Registry.names(recipe.task().word())));
        }
        if (recipe.task() instanceof Task.Quantisation quantisation && net instanceof VqVae) {
            return new VectorQuantizationObjective(quantisation, recipe.loss(), pixels);
        }
        if (recipe.task() instanceof Task.Variational variational && net instanceof Vae) {
            return new VariationalObjective(variational, recipe.loss(), pixels);
        }
        if (!(recipe.task() instanceof Task.Reconstruction reconstruction)) {
            throw new IllegalArgumentException("'%s' cannot be trained as task %s. Those that can are %s"
                    .formatted(
                            recipe.model(),
                            recipe.task().word(),
                            Registry.names(recipe.task().word())));
        }
        return new ReconstructionObjective(reconstruction, recipe.loss(), pixels);
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
        if (!(run.net() instanceof MaskedAutoencoder)) { // which masks other patches every time
            kept.putAll(thresholds(Subset.evenly(validation, NORMAL)));
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

    /** Thresholds for an anomaly detector that takes these images as normal. */
    private Map<String, Double> thresholds(Dataset normal) {
        var thresholds = new LinkedHashMap<String, Double>();
        Image seen = autoencoder.seen(normal.image(0));
        for (AnomalyDetector.Score score : AnomalyDetector.Score.values()) {
            if (score.fits(seen)) {
                thresholds.put(
                        score.threshold(),
                        AnomalyDetector.of(autoencoder, score).threshold(normal, AnomalyDetector.SHARE));
            }
        }
        return thresholds;
    }
}
