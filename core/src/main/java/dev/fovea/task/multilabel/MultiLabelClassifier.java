package dev.fovea.task.multilabel;

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
import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.metrics.PrecisionRecall;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Gives images any number of labels: each that is probable enough by a threshold of its own, which was chosen on the
 * validation images when the model was trained.
 *
 * <pre>{@code
 * var photos = Data.open("photos.csv", Data.Options.of().withTargets(new TargetKind.SeveralLabels(false)));
 * var tagger = MultiLabelClassifier.train("resnet18", photos, Recipe.fineTune());
 * tagger.predict(Path.of("beach.jpg")).labels();
 * }</pre>
 *
 * <p>Thread-safe: several threads may predict at once.
 */
public final class MultiLabelClassifier implements Predictor, ExplainedNumbers {

    private static final int TOP = 5;

    private final NetOutputs outputs;
    private final Finished.Report report;
    private final int top;

    MultiLabelClassifier(SavedNet network) {
        this(network, folder -> {
            throw new IllegalStateException("report: this model was loaded, its training is not known here. "
                    + "The run it comes from has a report.html; evaluate measures it on other images");
        });
    }

    private MultiLabelClassifier(SavedNet network, Finished.Report report) {
        this(new NetOutputs(network, logits -> logits.to(DType.FLOAT32)), report, TOP);
    }

    private MultiLabelClassifier(NetOutputs outputs, Finished.Report report, int top) {
        this.outputs = outputs;
        this.report = report;
        this.top = top;
    }

    /**
     * Trains a registered classifier, or layers given as text, on the training part of {@code data}, whose targets are
     * {@link Target.Labels}.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}, and a loss that is for one
     *     class an image by binary cross-entropy
     * @throws IllegalArgumentException if the model is unknown or the data cannot be trained on
     * @throws dev.fovea.train.DivergedException if the loss is no longer finite
     */
    public static MultiLabelClassifier train(String model, Splits data, Recipe recipe) {
        Recipe own = recipe.withModel(model).withTask(MultiLabelType.settings(recipe.task()));
        TrainingRun.Trained trained = TrainingRun.inTemporaryFolder(
                MultiLabelType.TYPE,
                own.task().losses().contains(own.loss().word()) ? own : MultiLabelType.TYPE.start(own),
                data);
        return new MultiLabelClassifier(trained.net(), trained.report());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static MultiLabelClassifier load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static MultiLabelClassifier load(Path path, String device) {
        return new MultiLabelClassifier(SavedNet.load(path, device, List.of(MultiLabelType.TYPE)));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code count} is not positive or the precision is unknown
     */
    @Override
    public MultiLabelClassifier with(int count, String precision) {
        if (count < 1) {
            throw new IllegalArgumentException("top: expected a number of labels from 1, got " + count);
        }
        return new MultiLabelClassifier(outputs.with(Precision.of(precision)), report, count);
    }

    /** Writes the model package: {@code config.json} with the thresholds, and {@code model.safetensors}. */
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

    /** Its labels, in the order of its outputs. */
    public List<String> labels() {
        return config().classes();
    }

    /** The least probability at which each label is given, in their order: one half where none was chosen. */
    public List<Double> thresholds() {
        return labels().stream()
                .map(label -> config().thresholds().getOrDefault(label, PrecisionRecall.USUAL))
                .toList();
    }

    /** The architecture, the preprocessing and the provenance. */
    public ModelPackage.Config config() {
        return outputs.network().config();
    }

    @Override
    public MultiLabelPrediction predict(Path file) {
        return answer(outputs.prepared(file));
    }

    /**
     * The labels of an image.
     *
     * @throws IllegalArgumentException if the model is for clips
     */
    @Override
    public MultiLabelPrediction predict(Image image) {
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
    public MultiLabelClassifier withBackend(String word) {
        return new MultiLabelClassifier(outputs.with(word), report, top);
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
                .<Answer>map(numbers -> answer(sigmoid(numbers)))
                .toList();
    }

    /** The probability of every label, in the order of {@link #labels}. */
    public float[] probabilities(Image image) {
        return sigmoid(outputs.of(outputs.prepared(image)));
    }

    private static float[] sigmoid(float[] logits) {
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (1 / (1 + Math.exp(-logits[i])));
        }
        return probabilities;
    }

    MultiLabelPrediction answer(Image seen) {
        return answer(sigmoid(outputs.of(seen)));
    }

    private MultiLabelPrediction answer(float[] probabilities) {
        List<Double> thresholds = thresholds();
        List<MultiLabelPrediction.Scored> ranked = IntStream.range(0, probabilities.length)
                .mapToObj(i -> new MultiLabelPrediction.Scored(labels().get(i), probabilities[i], thresholds.get(i)))
                .sorted(Comparator.comparingDouble(MultiLabelPrediction.Scored::probability)
                        .reversed())
                .toList();
        return new MultiLabelPrediction(
                ranked.stream()
                        .filter(one -> one.probability() >= one.threshold())
                        .toList(),
                ranked.subList(0, Math.min(top, ranked.size())));
    }

    /**
     * Metrics on images whose labels are known, in float32, with its thresholds.
     *
     * @throws IllegalArgumentException if {@code data} has a label that this model does not have
     * @throws DataException if its targets are not labels
     */
    public MultiLabelEvaluation evaluate(Dataset data) {
        double[] thresholds =
                thresholds().stream().mapToDouble(Double::doubleValue).toArray();
        return evaluate(data, scored -> thresholds);
    }

    /** The same, each label with the threshold that is best on {@code data}. */
    MultiLabelEvaluation evaluateWithBestThresholds(Dataset data) {
        return evaluate(
                data,
                scored -> IntStream.range(0, labels().size())
                        .mapToDouble(label -> scored.curve(label).bestThreshold())
                        .toArray());
    }

    private MultiLabelEvaluation evaluate(Dataset data, Function<MultiLabelResult.Scored, double[]> thresholds) {
        Dataset matched = Classes.matched(data, labels());
        List<boolean[]> truth = truth(matched);
        List<float[]> logits = outputs.of(matched);
        var scored = new MultiLabelResult.Scored(
                logits.stream().map(MultiLabelClassifier::sigmoid).toList(), truth);
        return new MultiLabelEvaluation(
                MultiLabelResult.of(labels(), scored, thresholds.apply(scored), loss(logits, truth)), scored);
    }

    private static List<boolean[]> truth(Dataset data) {
        var truth = new ArrayList<boolean[]>();
        for (int i = 0; i < data.size(); i++) {
            if (!(data.target(i) instanceof Target.Labels labels)) {
                throw new DataException(
                        "%s: has no list of labels. Expected a CSV file of path,labels with labels separated by |"
                                .formatted(data.name(i)));
            }
            truth.add(labels.present());
        }
        return truth;
    }

    /** That of training. */
    private double loss(List<float[]> logits, List<boolean[]> truth) {
        int k = labels().size();
        int n = truth.size();
        float[] given = new float[n * k];
        float[] there = new float[n * k];
        for (int i = 0; i < n; i++) {
            System.arraycopy(logits.get(i), 0, given, i * k, k);
            for (int c = 0; c < k; c++) {
                there[i * k + c] = truth.get(i)[c] ? 1 : 0;
            }
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return n == 0
                    ? Double.NaN
                    : config().loss()
                            .of(Tensor.of(given, n, k), Tensor.of(there, n, k))
                            .item();
        }
    }

    /** The thresholds of an evaluation, by label, as packages carry them. */
    static Map<String, Double> byLabel(MultiLabelResult result) {
        var thresholds = new LinkedHashMap<String, Double>();
        result.perLabel().forEach(label -> thresholds.put(label.name(), label.threshold()));
        return thresholds;
    }

    @Override
    public NetOutputs outputs() {
        return outputs;
    }

    @Override
    public List<String> names() {
        return labels();
    }

    /** The most probable label. */
    @Override
    public String usual(Image seen) {
        return answer(seen).top().get(0).label();
    }

    /** The probability of a label. */
    @Override
    public double value(Image seen, String label) {
        return sigmoid(outputs.of(seen))[Classes.index(labels(), label)];
    }
}
