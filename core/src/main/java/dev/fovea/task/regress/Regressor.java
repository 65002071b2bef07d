package dev.fovea.task.regress;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.metrics.RegressionResult;
import dev.fovea.models.ModelPackage;
import dev.fovea.run.Classes;
import dev.fovea.run.ExplainedNumbers;
import dev.fovea.run.Finished;
import dev.fovea.run.NetOutputs;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.Predictor;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Predicts numbers of an image in the units of the data it was trained on.
 *
 * <pre>{@code
 * var faces = Data.open("faces.csv", Data.Options.of().withTargets(new TargetKind.Numbers(List.of("age"))));
 * var ages  = Regressor.train("resnet18", faces, Recipe.fineTune());
 * ages.predict(Path.of("me.jpg")).numbers().get(0).value();
 * }</pre>
 *
 * <p>Thread-safe: several threads may predict at once.
 */
public final class Regressor implements Predictor, ExplainedNumbers {

    private final NetOutputs outputs;
    private final Standardization scale;
    private final Finished.Report report;

    Regressor(SavedNet network) {
        this(network, folder -> {
            throw new IllegalStateException("report: this model was loaded, its training is not known here. "
                    + "The run it comes from has a report.html; evaluate measures it on other images");
        });
    }

    private Regressor(SavedNet network, Finished.Report report) {
        this(new NetOutputs(network, outputs -> outputs.to(DType.FLOAT32)), scale(network), report);
    }

    private Regressor(NetOutputs outputs, Standardization scale, Finished.Report report) {
        this.outputs = outputs;
        this.scale = scale;
        this.report = report;
    }

    private static Standardization scale(SavedNet network) {
        Regression settings = network.settings(RegressionType.TYPE);
        int numbers = network.config().classes().size();
        if (settings.mean().size() != numbers) {
            throw new IllegalArgumentException(
                    "config.json: task.mean and task.deviation must be one for each of %s numbers, got %s"
                            .formatted(numbers, settings.mean().size()));
        }
        return new Standardization(settings.mean(), settings.deviation());
    }

    /**
     * Trains a registered classifier, or layers given as text, on the training part of {@code data}, whose targets are
     * {@link Target.Values}; its last layer has as many outputs as there are numbers.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}, and a loss that is not for
     *     numbers by the mean squared error
     * @throws IllegalArgumentException if the model is unknown or the data cannot be trained on
     * @throws dev.fovea.train.DivergedException if the loss is no longer finite
     */
    public static Regressor train(String model, Splits data, Recipe recipe) {
        Recipe own = recipe.withModel(model).withTask(RegressionType.settings(recipe.task()));
        TrainingRun.Trained trained = TrainingRun.inTemporaryFolder(
                RegressionType.TYPE,
                own.task().losses().contains(own.loss().word()) ? own : RegressionType.TYPE.start(own),
                data);
        return new Regressor(trained.net(), trained.report());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Regressor load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static Regressor load(Path path, String device) {
        return new Regressor(SavedNet.load(path, device, List.of(RegressionType.TYPE)));
    }

    /** @throws IllegalArgumentException if the precision is unknown */
    @Override
    public Regressor with(int top, String precision) {
        return new Regressor(outputs.with(Precision.of(precision)), scale, report);
    }

    /** Writes the model package: {@code config.json} with mean and deviation, and {@code model.safetensors}. */
    public void save(Path folder) {
        outputs.network().model().write(folder);
    }

    /**
     * Writes the report of its training.
     *
     * @throws IllegalStateException if it was not trained here but loaded, or had nothing to validate on
     */
    public void report(Path folder) {
        if (report == Finished.Report.NONE) {
            throw new IllegalStateException("report: the run had no images to validate on");
        }
        report.write(folder);
    }

    /** The names of its numbers, in the order of its outputs. */
    @Override
    public List<String> names() {
        return config().classes();
    }

    /** The architecture, the preprocessing and the provenance. */
    public ModelPackage.Config config() {
        return outputs.network().config();
    }

    @Override
    public RegressionPrediction predict(Path file) {
        return answer(outputs.prepared(file));
    }

    /**
     * The numbers of an image.
     *
     * @throws IllegalArgumentException if the model is for clips
     */
    @Override
    public RegressionPrediction predict(Image image) {
        return answer(outputs.prepared(image));
    }

    @Override
    public List<String> explanationMethods() {
        return outputs.methods();
    }

    @Override
    public OutputExplanation explanation(Image image, String method, String name) {
        return OutputExplanation.of(this, image, method, name);
    }

    @Override
    public OutputExplanation explanation(Image image, String method, String name, ProgressWatch watch) {
        return OutputExplanation.of(this, image, method, name, watch);
    }

    @Override
    public Regressor withBackend(String word) {
        return new Regressor(outputs.with(word), scale, report);
    }

    @Override
    public void warmUp(int batch) {
        outputs.inference().warmUp(batch);
    }

    @Override
    public Optional<String> computing() {
        return Optional.of(outputs.inference().description());
    }

    @Override
    public Prepared prepare(Image image) {
        return outputs.prepare(image);
    }

    @Override
    public List<Answer> predictPrepared(List<Prepared> images) {
        return outputs.ofPrepared(images).stream()
                .<Answer>map(numbers -> answer(scale.original(numbers)))
                .toList();
    }

    RegressionPrediction answer(Image seen) {
        return answer(scale.original(outputs.of(seen)));
    }

    private RegressionPrediction answer(float[] numbers) {
        return new RegressionPrediction(IntStream.range(0, numbers.length)
                .mapToObj(i -> new RegressionPrediction.Value(names().get(i), numbers[i]))
                .toList());
    }

    /**
     * Metrics on images whose numbers are known, in float32.
     *
     * @throws DataException if {@code data} has not the numbers of this model
     */
    public RegressionEvaluation evaluate(Dataset data) {
        if (data.classes().size() != names().size()) {
            throw new DataException("the data has the numbers %s, the model predicts %s"
                    .formatted(String.join(", ", data.classes()), String.join(", ", names())));
        }
        Dataset matched = Classes.matched(data, names());
        List<float[]> truth = Standardization.numbers(matched);
        List<float[]> given = outputs.of(matched);
        List<float[]> predicted = given.stream().map(scale::original).toList();
        return new RegressionEvaluation(
                RegressionResult.of(names(), predicted, truth, loss(given, truth)), predicted, truth);
    }

    /** That of training. */
    private double loss(List<float[]> given, List<float[]> truth) {
        int k = names().size();
        int n = truth.size();
        float[] outputs = new float[n * k];
        float[] wanted = new float[n * k];
        for (int i = 0; i < n; i++) {
            System.arraycopy(given.get(i), 0, outputs, i * k, k);
            System.arraycopy(truth.get(i), 0, wanted, i * k, k);
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return n == 0
                    ? Double.NaN
                    : config().loss()
                            .of(Tensor.of(outputs, n, k), scale.standardized(Tensor.of(wanted, n, k)))
                            .item();
        }
    }

    Standardization scale() {
        return scale;
    }

    @Override
    public NetOutputs outputs() {
        return outputs;
    }

    /** The first of them. */
    @Override
    public String usual(Image seen) {
        return names().get(0);
    }

    /** The number of that name, in the unit of the data. */
    @Override
    public double value(Image seen, String name) {
        return scale.original(outputs.of(seen))[Classes.index(names(), name)];
    }
}
