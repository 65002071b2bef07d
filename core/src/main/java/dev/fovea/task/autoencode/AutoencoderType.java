package dev.fovea.task.autoencode;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.image.Image;
import dev.fovea.models.AutoencoderNet;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Vae;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import dev.fovea.run.AnomalyScorer;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Evaluated;
import dev.fovea.run.FigureKeeper;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.Inputs;
import dev.fovea.run.ItemScorer;
import dev.fovea.run.ReconstructionScore;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskType;
import dev.fovea.run.Trial;
import dev.fovea.run.answers.Scale;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Encodes images in short codes and reconstructs them; what the objectives of the four tasks have in common is here, how
 * they differ is in their constants.
 *
 * @param <S> the settings of one of them
 */
public final class AutoencoderType<S extends Task> implements TaskType<S> {

    /** Reconstructs images, or clean images from corrupted ones. */
    public static final AutoencoderType<Reconstruction> RECONSTRUCTION = new AutoencoderType<>(
            new Reconstruction(0, 0, 0, 0, 0, 1, 0),
            AutoencoderNet.class,
            base -> base.withEpochs(5)
                    .withBatch(256)
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withLoss(new Loss.Mse()),
            ReconstructionObjective::of);

    /** Codes with a known distribution. */
    public static final AutoencoderType<Variational> VARIATIONAL = new AutoencoderType<>(
            new Variational(1),
            Vae.class,
            base -> base.withEpochs(20).withBatch(128).withLoss(new Loss.BinaryCrossEntropy()),
            (task, network) -> new VariationalObjective(task, network.loss(), network.pixels()));

    /** Codes of tokens. */
    public static final AutoencoderType<Quantization> QUANTIZATION = new AutoencoderType<>(
            new Quantization(0.25),
            VqVae.class,
            base -> base.withEpochs(10).withBatch(128).withLoss(new Loss.Mse()),
            (task, network) -> new VectorQuantizationObjective(task, network.loss(), network.pixels()));

    /** Reconstructs masked patches from visible ones. */
    public static final AutoencoderType<Masking> MASKING = new AutoencoderType<>(
            new Masking(0.75),
            MaskedAutoencoder.class,
            base -> base.withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.95, 1e-8, 0.05))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Recipe.Update(1, 1, 0, 0, 0))
                    .withLoss(new Loss.Mse()),
            (task, network) -> new MaskedAutoencoderObjective(task, network.pixels()));

    /** All four. */
    static final List<AutoencoderType<?>> ALL = List.of(RECONSTRUCTION, VARIATIONAL, QUANTIZATION, MASKING);

    /** Validation images that thresholds are chosen by, at most. */
    private static final int NORMAL = 1000;

    /** What an objective is made for. */
    record Trained(Module net, String model, Loss loss, Pixels pixels) {}

    private final S usual;
    private final Class<?> network;
    private final UnaryOperator<Recipe> start;
    private final BiFunction<S, Trained, Objective> objective;

    private AutoencoderType(
            S usual, Class<?> network, UnaryOperator<Recipe> start, BiFunction<S, Trained, Objective> objective) {
        this.usual = usual;
        this.network = network;
        this.start = start;
        this.objective = objective;
    }

    /** The one of that word, if it is one of the four. */
    static Optional<AutoencoderType<?>> of(String word) {
        return ALL.stream().filter(type -> type.word().equals(word)).findFirst();
    }

    /** What an autoencoder of the registry is trained for, of layers as text {@link #RECONSTRUCTION}. */
    static AutoencoderType<?> ofModel(String model) {
        Class<?> networks = Models.network(model);
        return ALL.stream().filter(type -> type.network == networks).findFirst().orElse(RECONSTRUCTION);
    }

    @Override
    public String word() {
        return usual.word();
    }

    @Override
    @SuppressWarnings("unchecked") // the class of an S
    public Class<S> settings() {
        return (Class<S>) usual.getClass();
    }

    @Override
    public List<S> defaults() {
        return List.of(usual);
    }

    @Override
    public String kind() {
        return "autoencoder";
    }

    @Override
    public Class<?> network() {
        return network;
    }

    @Override
    public Recipe start(Recipe base) {
        return start.apply(base.withUnitImages());
    }

    @Override
    public Preprocess preprocess(Recipe recipe, Dataset train) {
        return Inputs.unit(recipe, train);
    }

    @Override
    public Objective objective(RunContext run) {
        return objective.apply(
                settings(run.recipe()),
                new Trained(run.net(), run.recipe().model(), run.recipe().loss(), run.pixels()));
    }

    /** What a saved model is evaluated by. */
    Objective objective(SavedNet saved) {
        return objective.apply(
                saved.settings(this),
                new Trained(
                        saved.net(),
                        saved.config().architecture().text(),
                        saved.config().loss(),
                        saved.pixels()));
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Finished.unvalidated(run);
        }
        var trained = new SavedNet(run.model(), run.device());
        Map<String, Double> metrics = trained.evaluate(objective(run), validation, evaluationBatch());
        boolean masks = run.net() instanceof MaskedAutoencoder; // other patches every time: no threshold
        ModelPackage model = run.model()
                .withMetrics(metrics)
                .withThresholds(masks ? Map.of() : thresholds(trained, Subset.evenly(validation, NORMAL)));
        var autoencoder = new Autoencoder(new SavedNet(model, run.device()));
        return new Finished(model, metrics, List.of(), folder -> {
            if (masks) {
                new MaskingReport(run, autoencoder, metrics, history).write(folder);
            } else {
                new AutoencoderReport(run, autoencoder, metrics, history).write(folder);
            }
        });
    }

    /** Thresholds for an anomaly detector that takes these images as normal. */
    private static Map<String, Double> thresholds(SavedNet trained, Dataset normal) {
        var thresholds = new LinkedHashMap<String, Double>();
        Image seen = trained.preprocess().apply(normal.image(0));
        for (ReconstructionScore score : ReconstructionScore.values()) {
            if (score.fits(seen)) {
                thresholds.put(score.word(), score.scorer(trained).threshold(normal, AnomalyScorer.SHARE));
            }
        }
        return thresholds;
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        return Evaluated.of(net.evaluate(objective(net), data, evaluationBatch()));
    }

    @Override
    public Optional<ItemScorer> items(SavedNet net) {
        var coder = new Autoencoder(net);
        return Optional.of(ItemScorer.ofImages(
                sample -> new ItemScorer.Made(coder.reconstruct(sample.image()), coder.seen(sample.image()), "")));
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(FigureKeeper.of(
                new ReconstructionTrial(new Autoencoder(net)), List.of(new FigureKeeper.Kind("psnr", Scale.MORE))));
    }

    @Override
    public Trial trial(SavedNet net) {
        return new ReconstructionTrial(new Autoencoder(net));
    }
}
