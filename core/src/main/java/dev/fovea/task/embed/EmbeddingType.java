package dev.fovea.task.embed;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.models.EmbeddingNet;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.UnitEmbedding;
import dev.fovea.nn.Module;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Classes;
import dev.fovea.run.Evaluated;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.Predictor;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.run.Trial;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Learns embeddings from images whose identities are known: the task of {@link Embedding} settings. */
public final class EmbeddingType implements TaskType<Embedding> {

    /** The only one. */
    public static final EmbeddingType TYPE = new EmbeddingType();

    /** Key of the random numbers of centres, beside those of other weights. */
    private static final long CENTRES = 29;

    private EmbeddingType() {}

    @Override
    public String word() {
        return Embedding.WORD;
    }

    @Override
    public Class<Embedding> settings() {
        return Embedding.class;
    }

    @Override
    public List<Embedding> defaults() {
        return List.of(
                Embedding.of(Embedding.Loss.ARCFACE),
                Embedding.of(Embedding.Loss.COSFACE),
                Embedding.of(Embedding.Loss.TRIPLET));
    }

    @Override
    public Class<?> network() {
        return UnitEmbedding.class;
    }

    /** The saved model is that of the last epoch: a validation of few identities chooses by luck. */
    @Override
    public Recipe start(Recipe base) {
        Recipe.Selection selection = base.selection();
        return base.withTask(base.task() instanceof Embedding ? base.task() : Embedding.USUAL)
                .withEpochs(30)
                .withSelection(new Recipe.Selection(0.2, selection.patience(), Recipe.Keep.LAST));
    }

    /** Both parts with the identities that they have images of. */
    @Override
    public Splits checked(Splits data) {
        Splits checked = data.forTraining();
        Dataset train = Classes.present(checked.train());
        Dataset validation = checked.train() == checked.validation() ? train : Classes.present(checked.validation());
        return new Splits(train, validation, checked.test(), checked.notes(), checked.files());
    }

    @Override
    public Splits heldOut(Splits data, Recipe recipe) {
        return settings(recipe).heldOut() == Embedding.HeldOut.IMAGES
                ? checked(TaskType.super.heldOut(data, recipe))
                : HeldOutIdentities.of(data, recipe.selection().validation(), recipe.seed());
    }

    /** The dimensions of the embedding. */
    @Override
    public List<String> outputs(Recipe recipe, Dataset train) {
        return IntStream.rangeClosed(1, settings(recipe).dimensions())
                .mapToObj(i -> String.format(Locale.ROOT, "dimension %d", i))
                .toList();
    }

    @Override
    public void checkFits(String model, Module net, Preprocess preprocess, int outputs) {
        if (!(net instanceof UnitEmbedding)) {
            throw new IllegalArgumentException(
                    "input.normalize=whiten is not for task %s. Use normalize=data".formatted(word()));
        }
    }

    @Override
    public Objective objective(RunContext run) {
        Embedding settings = settings(run.recipe());
        if (settings.imagesPerIdentity() > 1 && run.recipe().batch() < 2 * settings.imagesPerIdentity()) {
            throw new IllegalArgumentException(
                    "batch: must hold two identities or more with task.imagesPerIdentity=%s images each, got batch=%s. Set batch=%s or more"
                            .formatted(
                                    settings.imagesPerIdentity(),
                                    run.recipe().batch(),
                                    8 * settings.imagesPerIdentity()));
        }
        if (settings.loss().hasCentres()) {
            var net = (EmbeddingNet) run.net();
            net.addCentres(run.data().train().classes().size(), settings.dimensions());
            net.state().initialize(Random.of(new Seed(run.recipe().seed()).derive(CENTRES)));
            net.state().to(run.device());
        }
        return new EmbeddingObjective(settings, run.pixels());
    }

    /** Without the centres, which only serve to learn. */
    @Override
    public ModelPackage unfinished(RunContext run) {
        ModelPackage whole = run.model();
        return new ModelPackage(whole.config(), ((EmbeddingNet) whole.net()).withoutCentres());
    }

    @Override
    public boolean savesTrainedWeights() {
        return false;
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        ModelPackage made = unfinished(run);
        if (validation.size() == 0) {
            return new Finished(made, Map.of(), List.of(), Finished.Report.NONE);
        }
        var net = new SavedNet(made, run.device());
        EmbeddingEvaluation evaluation = evaluated(new Embedder(net), run.data());
        Map<String, Double> metrics = evaluation.metrics();
        ModelPackage model = made.withMetrics(metrics)
                .withThresholds(Map.of(
                        Embedder.THRESHOLD,
                        evaluation.pairs().verification().equalError().threshold()));
        double seconds = run.seconds();
        List<String> remarks = evaluation.remarks(validation);
        return new Finished(
                model,
                metrics,
                remarks,
                folder -> new EmbeddingReport(run, new Embedder(new SavedNet(model, run.device())), evaluation, history)
                        .write(folder, seconds));
    }

    /** In the gallery of the training images, where all identities are among them. */
    private static EmbeddingEvaluation evaluated(Embedder embedder, Splits data) {
        boolean known = data.train() != data.validation()
                && new HashSet<>(data.train().classes())
                        .containsAll(data.validation().classes());
        return known ? embedder.evaluate(data.train(), data.validation()) : embedder.evaluate(data.validation());
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        return new Embedder(net).evaluate(data).evaluated(data);
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(new EmbeddingKeeper(new Embedder(net)));
    }

    @Override
    public Trial trial(SavedNet net) {
        return new EmbeddingTrial(new Embedder(net));
    }

    @Override
    public Predictor predictor(SavedNet net) {
        return new Embedder(net);
    }
}
