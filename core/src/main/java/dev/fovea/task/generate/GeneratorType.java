package dev.fovea.task.generate;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.models.DiffusionNet;
import dev.fovea.models.GeneratorAndDiscriminator;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.TokenTransformer;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Module;
import dev.fovea.nn.Weights;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import dev.fovea.run.Evaluated;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.Inputs;
import dev.fovea.run.NotEvaluableException;
import dev.fovea.run.RunContext;
import dev.fovea.run.RunSettings;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.train.Listener;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Generates images; what the three tasks have in common is here, how they differ is in their constants.
 *
 * @param <S> the settings of one of them
 */
public final class GeneratorType<S extends Task> implements TaskType<S> {

    /** A generator against a discriminator. */
    public static final GeneratorType<Adversarial> ADVERSARIAL = new GeneratorType<>(
            new Adversarial(GanLoss.NON_SATURATING, 0, 1, 4, 1, false),
            GeneratorAndDiscriminator.class,
            base -> base.withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.Adam(2e-4, 0.5, 0.999, 1e-8, 0))
                    .withSchedule(new Schedule.Constant(0))
                    .withUpdate(new Recipe.Update(0, 1, 0.999, 0, 0))
                    .withSelection(new Recipe.Selection(0, 0, Recipe.Keep.LAST)),
            AdversarialObjective::of,
            (task, run) -> {});

    /** Token by token. */
    public static final GeneratorType<Tokens> TOKENS = new GeneratorType<>(
            new Tokens(""),
            TokenTransformer.class,
            base -> base.withEpochs(15)
                    .withBatch(64)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.95, 1e-8, 0.05))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Recipe.Update(1, 1, 0, 0, 0)),
            (task, trained) -> new AutoregressiveObjective(trained.classes(), trained.pixels()),
            GeneratorType::loadTokenizer);

    /** Step by step out of noise. */
    public static final GeneratorType<Diffusion> DIFFUSION = new GeneratorType<>(
            new Diffusion(DiffusionTarget.VELOCITY, 0.1),
            DiffusionNet.class,
            base -> base.withEpochs(20)
                    .withBatch(128)
                    .withOptimizer(new Optimizer.AdamW(1e-3, 0.9, 0.99, 1e-8, 0))
                    .withSchedule(new Schedule.Cosine(200, 0))
                    .withUpdate(new Recipe.Update(1, 1, 0.999, 0, 0))
                    .withSelection(new Recipe.Selection(0.02, 0, Recipe.Keep.LAST)),
            DiffusionObjective::of,
            (task, run) -> {});

    /** All three. */
    static final List<GeneratorType<?>> ALL = List.of(ADVERSARIAL, TOKENS, DIFFUSION);

    private static final int EVALUATED_AT_ONCE = 64;

    /** What an objective is made for. */
    record Trained(Module net, int classes, Preprocess shown, Pixels pixels) {}

    private final S usual;
    private final Class<?> network;
    private final UnaryOperator<Recipe> start;
    private final BiFunction<S, Trained, Objective> objective;
    private final BiConsumer<S, RunContext> prepare;

    private GeneratorType(
            S usual,
            Class<?> network,
            UnaryOperator<Recipe> start,
            BiFunction<S, Trained, Objective> objective,
            BiConsumer<S, RunContext> prepare) {
        this.usual = usual;
        this.network = network;
        this.start = start;
        this.objective = objective;
        this.prepare = prepare;
    }

    /** What a generator of the registry is trained for. */
    static GeneratorType<?> ofModel(String model) {
        Class<?> networks = Models.network(model);
        return ALL.stream()
                .filter(type -> type.network == networks)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'%s' is no generator".formatted(model)));
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
        return "generator";
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
    public boolean usesLabels() {
        return true;
    }

    @Override
    public Preprocess preprocess(Recipe recipe, Dataset train) {
        return Inputs.unit(recipe, train);
    }

    @Override
    public Objective objective(RunContext run) {
        int classes = run.data().train().classes().size();
        return objective.apply(settings(run.recipe()), new Trained(run.net(), classes, run.preprocess(), run.pixels()));
    }

    private Objective objective(SavedNet saved) {
        int classes = saved.config().classes().size();
        return objective.apply(
                saved.settings(this), new Trained(saved.net(), classes, saved.preprocess(), saved.pixels()));
    }

    @Override
    public void prepare(RunContext run) {
        prepare.accept(settings(run.recipe()), run);
    }

    /** A token transformer starts from a trained tokenizer. */
    private static void loadTokenizer(Tokens task, RunContext run) {
        var net = (TokenTransformer) run.net();
        if (!(net.tokenizer() instanceof VqVae)) {
            return;
        }
        if (task.tokenizer().isEmpty()) {
            throw new IllegalArgumentException(
                    "task.tokenizer: name a run of vq-vae, whose tokens are to be learned, as in "
                            + "task.tokenizer=runs/digits-1");
        }
        SavedNet trained = SavedNet.load(Path.of(task.tokenizer()), "cpu");
        if (!(trained.net() instanceof VqVae)) {
            throw new IllegalArgumentException("task.tokenizer: %s is a model for %s, expected a run of vq-vae"
                    .formatted(task.tokenizer(), trained.config().task().type()));
        }
        var wanted = run.preprocess();
        var shown = trained.model().config().preprocess();
        if (wanted.height() != shown.height()
                || wanted.width() != shown.width()
                || wanted.channels() != shown.channels()) {
            throw new IllegalArgumentException(
                    "task.tokenizer: was trained on images of %sx%sx%s, this run has %sx%sx%s"
                            .formatted(
                                    shown.channels(),
                                    shown.height(),
                                    shown.width(),
                                    wanted.channels(),
                                    wanted.height(),
                                    wanted.width()));
        }
        Weights.load(trained.net().state().tensors(), net.tokenizer().state());
        net.tokenizer().state().to(run.device());
    }

    @Override
    public boolean generates() {
        return true;
    }

    @Override
    public List<Listener> scoring(RunContext run, RunSettings settings, List<Listener> others) {
        Dataset train = run.data().train();
        boolean conditional = Generator.classConditional(run.net(), train.classes());
        return settings.classifier().stream()
                .<Listener>map(path -> new GenerationTrend(
                        FeatureExtractor.load(path, settings.device()), train, conditional, run.folder(), others))
                .toList();
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        Objective trained = objective(run);
        Map<String, Double> metrics = validation.size() > 0 && trained.validates()
                ? new Generator(new SavedNet(run.model(), run.device())).evaluate(validation)
                : Map.of();
        ModelPackage model = run.model().withMetrics(metrics);
        var generator = new Generator(new SavedNet(model, run.device()));
        return new Finished(
                model,
                metrics,
                List.of(),
                folder -> new GeneratorReport(run, generator, metrics, history).write(folder));
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        Objective trained = objective(net);
        if (!trained.validates()) {
            throw new NotEvaluableException(
                    "a generator is evaluated by the features of a classifier trained on the same classes");
        }
        return Evaluated.of(net.evaluate(trained, data, EVALUATED_AT_ONCE));
    }
}
