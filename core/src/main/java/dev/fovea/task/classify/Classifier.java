package dev.fovea.task.classify;

import dev.fovea.data.Batch;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Scope;
import dev.fovea.explain.Explainer;
import dev.fovea.explain.Explainers;
import dev.fovea.explain.Faithfulness;
import dev.fovea.explain.SanityCheck;
import dev.fovea.image.Image;
import dev.fovea.metrics.Softmax;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.StreamingNet;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Sequential;
import dev.fovea.run.Classes;
import dev.fovea.run.Finished;
import dev.fovea.run.Inference;
import dev.fovea.run.NetOutputs;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.Predictor;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An image classifier: trains, loads, evaluates and predicts with images and paths.
 *
 * <pre>{@code
 * var flowers    = Folder.of(Path.of("flowers"));
 * var classifier = Classifier.train("resnet18", flowers.split(0.8, 0.1, 0.1), Recipe.fineTune());
 * var best       = classifier.predict(Path.of("rose.jpg"));
 * }</pre>
 *
 * <p>Thread-safe: several threads may predict at once.
 */
public final class Classifier implements Predictor {

    private static final int TOP = 5;

    private final SavedNet network;
    private final Inference inference;
    private final NetOutputs outputs;
    private final ClassificationObjective objective;
    private final Finished.Report report;
    private final int top;
    private final Calibration calibration;
    private final Doubt doubt;
    private final TestTimeAugmentation tta;

    /** What is asked beside the classes: sets of them, and refusals. */
    private record Doubt(double coverage, boolean reject) {}

    Classifier(SavedNet network) {
        this(network, folder -> {
            throw new IllegalStateException("report: this classifier was loaded, its training is not known here. "
                    + "The run it comes from has a report.html; evaluate measures it on other images");
        });
    }

    /** @param report of its training */
    Classifier(SavedNet network, Finished.Report report) {
        this(
                new Inference(network, Inference.Outputs.SCORES),
                report,
                TOP,
                Calibration.of(network.model()),
                new Doubt(0, false),
                TestTimeAugmentation.of(network.config().task().settings().get("tta")));
    }

    private Classifier(
            Inference inference,
            Finished.Report report,
            int top,
            Calibration calibration,
            Doubt doubt,
            TestTimeAugmentation tta) {
        this.inference = inference;
        this.report = report;
        this.top = top;
        this.calibration = calibration;
        this.doubt = doubt;
        this.tta = tta;
        network = inference.network();
        outputs = new NetOutputs(
                        inference,
                        logits -> logits.mul(1 / calibration.temperature()).softmax(1))
                .over(tta::over);
        objective = new ClassificationObjective(network.config().classes(), Loss.crossEntropy(), network.pixels());
    }

    /**
     * Trains a registered network, or layers given as text, on the training part of {@code data}.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     * @throws IllegalArgumentException if the model is unknown or the data cannot be trained on
     * @throws dev.fovea.train.DivergedException if the loss is no longer finite
     */
    public static Classifier train(String model, Splits data, Recipe recipe) {
        TrainingRun.Trained trained =
                TrainingRun.inTemporaryFolder(ClassificationType.TYPE, recipe.withModel(model), data);
        return new Classifier(trained.net(), trained.report());
    }

    /**
     * Trains a network that is one expression, {@code Sequential.of(shape(3, 32, 32), conv(32, 3), relu(), ..., dense(10))},
     * on the training part of {@code data}. What is trained is a network of the same layers, its first weights drawn by the
     * recipe's seed; {@code net} itself stays as it is. A saved model holds the layers as text and loads without this code.
     *
     * @param recipe everything else that decides the result; its model and input size are those of {@code net}
     * @throws IllegalArgumentException if {@code net} was put together from layers that have no text, its input is not that of
     *     the recipe, or its outputs are not the classes of the data
     * @throws dev.fovea.data.DataException if the data cannot be trained on, or has images of other channels
     * @throws dev.fovea.train.DivergedException if the loss is no longer finite
     */
    public static Classifier train(Sequential net, Splits data, Recipe recipe) {
        Recipe own = Expression.recipe(net, data.train(), recipe);
        return train(own.model(), data, own);
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Classifier load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static Classifier load(Path path, String device) {
        return new Classifier(SavedNet.load(path, device, List.of(ClassificationType.TYPE)));
    }

    /**
     * A network of the registry with published weights, used as it is: {@code published("resnet50", "imagenet", "auto")}.
     *
     * @param model of the registry
     * @param weights {@code imagenet} for the network's best, a tag, or a file
     * @param device auto, cpu or cuda
     * @throws java.io.UncheckedIOException that says what to download by hand, if the weights are not in the cache and there
     *     is no way to their server
     */
    public static Classifier published(String model, String weights, String device) {
        return new Classifier(
                PublishedModel.load(ClassificationType.TYPE, model, weights, device, (file, done, total) -> {}));
    }

    /** The same classifier of a network that is read already. */
    public static Classifier of(SavedNet network) {
        return new Classifier(network);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code count} is not positive or the precision is unknown
     */
    @Override
    public Classifier with(int count, String computed) {
        if (count < 1) {
            throw new IllegalArgumentException("top: expected a number of classes from 1, got " + count);
        }
        return new Classifier(inference.with(Precision.of(computed)), report, count, calibration, doubt, tta);
    }

    /** {@inheritDoc} */
    @Override
    public Classifier with(double coverage, boolean reject) {
        if (coverage != 0) {
            calibration.sets(coverage);
        }
        if (reject) {
            calibration.known();
        }
        return new Classifier(inference, report, top, calibration, new Doubt(coverage, reject), tta);
    }

    /** That logits are divided by before they become probabilities; 1 of a model that is not calibrated. */
    public double temperature() {
        return calibration.temperature();
    }

    /** The same that answers about other views of an image. */
    public Classifier with(TestTimeAugmentation value) {
        return new Classifier(inference, report, top, calibration, doubt, value);
    }

    /** The views of an image that it averages over. */
    public TestTimeAugmentation testTimeAugmentation() {
        return tta;
    }

    private Layer answering() {
        return tta.over(network.layer());
    }

    /** Writes the model package: {@code config.json} and {@code model.safetensors}. */
    public void save(Path folder) {
        network.model().write(folder);
    }

    /**
     * Writes the report of its training: {@code report.html}, its images, {@code metrics.csv} and
     * {@code environment.json}.
     *
     * @throws IllegalStateException if it was not trained here but loaded, or had nothing to validate on
     */
    public void report(Path folder) {
        if (report == Finished.Report.NONE) {
            throw new IllegalStateException("report: the run had no images to validate on");
        }
        report.write(folder);
    }

    /** Its classes, in the order of its outputs. */
    public List<String> classes() {
        return network.config().classes();
    }

    /** The architecture, the preprocessing and the provenance. */
    public ModelPackage.Config config() {
        return network.config();
    }

    /** The number of trained weights. */
    public long parameters() {
        return network.net().state().parameterCount();
    }

    /** The prediction for an image file, or for a clip: a folder of numbered images, an animated GIF, a video. */
    public Prediction predict(Path path) {
        return predict(List.of(path)).get(0);
    }

    /**
     * Predictions for image files or clips, in their order.
     *
     * @throws dev.fovea.image.ImageException if one is not readable
     */
    public List<Prediction> predict(List<Path> paths) {
        var predictions = new ArrayList<Prediction>();
        for (Path path : paths) {
            predictions.add(answer(prepared(path)));
        }
        return predictions;
    }

    @Override
    public Classifier withBackend(String word) {
        return new Classifier(inference.with(word), report, top, calibration, doubt, tta);
    }

    @Override
    public void warmUp(int batch) {
        inference.warmUp(batch);
    }

    @Override
    public Optional<String> computing() {
        return Optional.of(inference.description());
    }

    @Override
    public Prepared prepare(Image image) {
        return outputs.prepare(image);
    }

    @Override
    public List<Answer> predictPrepared(List<Prepared> images) {
        List<float[]> rows = outputs.ofPrepared(images);
        return IntStream.range(0, rows.size())
                .<Answer>mapToObj(i -> answer(images.get(i).seen(), rows.get(i)))
                .toList();
    }

    /**
     * The prediction for an image.
     *
     * @throws IllegalArgumentException if it is for clips
     */
    public Prediction predict(Image image) {
        return answer(outputs.prepared(image));
    }

    @Override
    public OutputExplanation explanation(Image image, String method, String name) {
        return explanation(image, method, name, ProgressWatch.NONE);
    }

    @Override
    public OutputExplanation explanation(Image image, String method, String name, ProgressWatch watch) {
        List<String> methods = method.isEmpty() ? List.of() : List.of(method);
        Explanation explanation = Explanation.of(this, image, methods, name, watch);
        return new OutputExplanation(
                String.join(",", explanation.methods()),
                explanation.label(),
                explanation.probability(),
                explanation.image(),
                explanation.overlays().get(0));
    }

    @Override
    public List<String> explanationMethods() {
        return Explanation.methods(this);
    }

    /** The probability of every class, in the order of {@link #classes}, for an image. */
    public float[] probabilities(Image image) {
        return shares(outputs.prepared(image));
    }

    /** Whether it is for clips of several frames. */
    public boolean clips() {
        return outputs.clips();
    }

    /**
     * Predicts frame by frame.
     *
     * @throws IllegalArgumentException if the network is for images, or needs the whole clip at once
     */
    public FrameStream stream() {
        if (!(network.net() instanceof StreamingNet net)) {
            throw new IllegalArgumentException("stream: '%s' cannot be given frames one by one; cnn-rnn and cnn-tcn can"
                    .formatted(config().architecture()));
        }
        return new FrameStream(network, net, classes(), temperature());
    }

    /** As the network takes it: in its size, frames of a clip one below the other. */
    Image prepared(Path path) {
        return outputs.prepared(path);
    }

    Image prepared(Dataset data, int index) {
        return outputs.prepared(data, index);
    }

    /** The prediction for a prepared image. */
    Prediction answer(Image seen) {
        return answer(seen, shares(seen));
    }

    private Prediction answer(Image seen, float[] shares) {
        Prediction answer =
                Prediction.of(classes(), shares, Math.min(top, classes().size()));
        return doubt.coverage() == 0 && !doubt.reject() ? answer : answer.with(trust(seen, shares));
    }

    private Prediction.Trust trust(Image seen, float[] shares) {
        List<String> set = doubt.coverage() == 0
                ? List.of()
                : calibration.sets(doubt.coverage()).set(shares).stream()
                        .map(classes()::get)
                        .toList();
        if (!doubt.reject()) {
            return new Prediction.Trust(doubt.coverage(), set, Double.NaN, Double.NaN);
        }
        OutOfDistribution known = calibration.known();
        double distance = known.distances(List.of(embedding(seen)))[0];
        return new Prediction.Trust(doubt.coverage(), set, distance, known.threshold());
    }

    private float[] embedding(Image seen) {
        try (var use = network.reading();
                var scope = new Scope();
                var noGrad = new NoGrad()) {
            return OutOfDistribution.embedding(network)
                    .apply(network.normalized(seen))
                    .toFloats();
        }
    }

    /** The probability of one class. */
    double share(Image seen, String label) {
        return shares(seen)[Classes.index(classes(), label)];
    }

    private float[] shares(Image seen) {
        return outputs.of(seen);
    }

    /**
     * Metrics on labelled images, computed in float32 whatever the network was trained in: the same weights and data
     * have
     * the same metrics everywhere.
     *
     * @throws IllegalArgumentException if {@code data} has a class that this classifier does not have
     */
    public Evaluation evaluate(Dataset data) {
        return evaluate(data, 256);
    }

    Evaluation evaluate(Dataset data, int batch) {
        Dataset matched = Classes.matched(data, classes());
        try (var use = network.reading()) {
            return evaluated(matched, batch);
        }
    }

    private Evaluation evaluated(Dataset matched, int batch) {
        var gathered = new Evaluation.Gathered(classes());
        var options = Loader.Options.sequential(batch);
        try (var loader = new Loader(matched, network.config().preprocess(), network.corruption(), options);
                var noGrad = new NoGrad()) {
            for (Iterator<Batch> batches = loader.epoch(0, 0); batches.hasNext(); ) {
                Batch next = batches.next();
                gathered.add(
                        Prediction.finite(objective.logits(answering(), next)),
                        next.indices(),
                        next.labels(),
                        calibration.temperature());
            }
            return gathered.evaluation();
        }
    }

    /** The logits of every image. */
    List<float[]> logits(Dataset data) {
        try (var use = network.reading()) {
            List<float[]> logits = network.rows(data, answering()::forward);
            logits.forEach(Prediction::finite);
            return logits;
        }
    }

    /** What the network makes of every image, before its head. */
    List<float[]> embeddings(Dataset data) {
        try (var use = network.reading()) {
            return network.rows(data, OutOfDistribution.embedding(network));
        }
    }

    /**
     * How well sets of classes keep what they promise.
     *
     * @param coverage share of images whose true class is to be in their set, above 0 and below 1
     * @throws IllegalArgumentException if {@code data} has a class that this classifier does not have, or there are no held-out
     *     scores for such sets
     */
    public SetCoverage sets(Dataset data, double coverage) {
        Dataset matched = Classes.matched(data, classes());
        var sets = calibration.sets(coverage);
        List<float[]> logits = logits(matched);
        return SetCoverage.of(
                logits.stream()
                        .map(row -> sets.set(Softmax.of(row, calibration.temperature())))
                        .toList(),
                Calibration.labels(matched),
                classes().size());
    }

    /**
     * How well this classifier tells images like those of its training from others, whatever these show.
     *
     * @param known images like those of the training
     * @param others images unlike them
     * @throws IllegalArgumentException if it has kept nothing of its training images
     */
    public Rejection rejection(Dataset known, Dataset others) {
        return Rejection.of(calibration.known(), embeddings(known), embeddings(others));
    }

    /** The method that explains images in one pass; none if there is none, or it sees clips. */
    Optional<String> quickMethod() {
        return clips() ? Optional.empty() : Explainers.quick(network.layer()).map(Explainer::word);
    }

    /**
     * Which parts of an image, or which frames of a clip, the score of a class depends on.
     *
     * @param file an image, or a clip: a folder of numbered images, an animated GIF, a video
     * @param method such as {@code grad-cam}, empty for the default
     * @param label the class to explain
     * @return of an image values from 0 to 1, [rows][columns] of the method's grid over what the network is shown; of a clip
     *     one row with a number for each frame
     * @throws IllegalArgumentException if the class or the method is unknown, or this network cannot be explained so
     */
    public float[][] explain(Path file, String method, String label) {
        return explainSeen(prepared(file), method, label);
    }

    /** The same of an image that is read already. */
    public float[][] explain(Image image, String method, String label) {
        return explainSeen(outputs.prepared(image), method, label);
    }

    /** The same, watched. */
    float[][] explain(Image image, String method, String label, ProgressWatch watch) {
        return outputs.explain(outputs.prepared(image), method, Classes.index(classes(), label), watch);
    }

    /** The same of what {@code prepared} gives. */
    float[][] explainSeen(Image seen, String method, String label) {
        return outputs.explain(seen, method, Classes.index(classes(), label));
    }

    NetOutputs outputs() {
        return outputs;
    }

    /** How the probability of a class changes as pixels are taken away in the order of a map of what {@code prepared} gives. */
    Faithfulness faithfulness(Image seen, float[][] map, String label) {
        int index = Classes.index(classes(), label);
        try (var use = network.reading()) {
            return Faithfulness.of(network.layer(), network.normalized(seen), map, index, temperature());
        }
    }

    /** Whether maps of a method depend on the weights. */
    SanityCheck sanity(Image seen, String method, String label) {
        int index = Classes.index(classes(), label);
        Explainer explainer = Explainers.of(method, network.layer(), clips());
        try (var use = network.alone()) { // nobody predicts with weights that are random for a while
            return SanityCheck.of(explainer, network.layer(), network.normalized(seen), index);
        }
    }

    SavedNet network() {
        return network;
    }
}
