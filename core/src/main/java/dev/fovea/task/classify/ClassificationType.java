package dev.fovea.task.classify;

import dev.fovea.data.DataRemarks;
import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Sampling;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.metrics.ClassificationResult;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.PrototypeNet;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Evaluated;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.ItemScorer;
import dev.fovea.run.Predictor;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskType;
import dev.fovea.run.TensorAnswer;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells which of several classes an image shows: the task of {@link Classification} settings. */
public final class ClassificationType implements TaskType<Classification> {

    /** The only one. */
    public static final ClassificationType TYPE = new ClassificationType();

    /** Validation images that the threshold of unlike images is chosen by, at most. */
    private static final int HELD = 2000;

    private static final String UNCALIBRATED =
            "no images were held out to calibrate on: which class is the most probable can be taken at its word, how probable it is not. Give a validation part";

    private static final String PLAIN_ACCURACY = "plainAccuracy";

    private ClassificationType() {}

    @Override
    public String word() {
        return Classification.WORD;
    }

    @Override
    public Class<Classification> settings() {
        return Classification.class;
    }

    @Override
    public List<Classification> defaults() {
        return List.of(Classification.PLAIN);
    }

    @Override
    public Class<?> network() {
        return Layer.class;
    }

    /** Networks that make something else of an image are layers too. */
    @Override
    public boolean trains(Class<?> networks) {
        return networks == Layer.class || networks == PrototypeNet.class;
    }

    @Override
    public Recipe start(Recipe base) {
        return base;
    }

    @Override
    public Splits checked(Splits data) {
        return data.forTraining();
    }

    @Override
    public boolean usesLabels() {
        return true;
    }

    @Override
    public void checkFits(String model, Module net, Preprocess preprocess, int classes) {
        Models.checkOutputs(model, net, preprocess, classes);
    }

    @Override
    public Objective objective(RunContext run) {
        Dataset train = run.data().train();
        var labels = new ClassificationObjective(
                train.classes(),
                new WeightedLoss(settings(run.recipe()), run.recipe().loss(), train.counts()),
                run.pixels(),
                DataRemarks.imbalanced(train)
                        ? ClassificationObjective.BALANCED_ACCURACY
                        : ClassificationObjective.ACCURACY);
        Distillation distill = settings(run.recipe()).distill();
        return distill.on() ? DistillationObjective.of(labels, distill, run) : labels;
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Finished.unvalidated(run).withRemarks(List.of(UNCALIBRATED));
        }
        var uncalibrated = new Classifier(new SavedNet(run.model(), run.device()));
        List<float[]> logits = uncalibrated.logits(validation);
        int[] labels = Calibration.labels(validation);
        Calibration calibration = Calibration.fit(logits, labels, outOfDistribution(uncalibrated, run));
        double[] everywhere = new double[labels.length];
        Arrays.fill(everywhere, calibration.temperature());
        Evaluation evaluation = evaluation(uncalibrated.classes(), logits, labels, everywhere);
        // No image with a temperature that was fitted on it, so that the figures are those of new images.
        ClassificationResult apart = evaluation(
                        uncalibrated.classes(), logits, labels, Calibration.apart(logits, labels))
                .result();
        ClassificationResult result = evaluation.result();
        Map<String, Double> gain = gain(uncalibrated, result, validation);
        var metrics = new LinkedHashMap<>(evaluation.metrics());
        metrics.putAll(gain);
        var remarks = new ArrayList<>(AnswerRemarks.of(result, uneven(run)));
        if (!gain.isEmpty()) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "Test-time augmentation (%s) changes the validation accuracy from %.4f to %.4f",
                    uncalibrated.testTimeAugmentation().word(),
                    gain.get(PLAIN_ACCURACY),
                    result.accuracy()));
        }
        ModelPackage model = calibration.into(run.model()).withMetrics(metrics);
        var classifier = new Classifier(new SavedNet(model, run.device()));
        double seconds = run.seconds();
        return new Finished(
                model,
                metrics,
                remarks,
                folder -> new ClassifierReport(run, classifier, evaluation, apart, history, remarks)
                        .write(folder, seconds));
    }

    private static Evaluation evaluation(
            List<String> classes, List<float[]> logits, int[] labels, double[] temperatures) {
        var gathered = new Evaluation.Gathered(classes);
        for (int i = 0; i < labels.length; i++) {
            gathered.add(logits.get(i), new int[] {i}, new long[] {labels[i]}, temperatures[i]);
        }
        return gathered.evaluation();
    }

    private static Optional<OutOfDistribution> outOfDistribution(Classifier classifier, RunContext run) {
        Dataset held = Subset.evenly(run.data().validation(), HELD);
        if (run.data().train() == run.data().validation()) { // a quick look, with nothing held out
            return Optional.empty();
        }
        List<float[]> embeddings = classifier.embeddings(held);
        Dataset some = Subset.evenly(run.data().train(), OutOfDistribution.count(embeddings.get(0).length));
        return Optional.of(OutOfDistribution.fit(classifier.embeddings(some), embeddings));
    }

    /** Whether classes are uneven and nothing is done about it in sampling. */
    private static boolean uneven(RunContext run) {
        return DataRemarks.imbalanced(run.data().train())
                && run.recipe().selection().sampling() == Sampling.INSTANCE_BALANCED;
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        var classifier = new Classifier(net);
        Evaluation evaluation = classifier.evaluate(data);
        return evaluated(evaluation, gain(classifier, evaluation.result(), data), data);
    }

    /** What test-time augmentation adds to the accuracy of {@code result}; empty of a classifier without. */
    private static Map<String, Double> gain(Classifier classifier, ClassificationResult result, Dataset data) {
        if (classifier.testTimeAugmentation() == TestTimeAugmentation.NONE) {
            return Map.of();
        }
        double plain = classifier
                .with(TestTimeAugmentation.NONE)
                .evaluate(data)
                .result()
                .accuracy();
        var gain = new LinkedHashMap<String, Double>();
        gain.put(PLAIN_ACCURACY, plain);
        gain.put("ttaGain", result.accuracy() - plain);
        return gain;
    }

    /** @param more metrics */
    static Evaluated evaluated(Evaluation evaluation, Map<String, Double> more, Dataset data) {
        ClassificationResult result = evaluation.result();
        var values = new LinkedHashMap<>(evaluation.metrics());
        values.putAll(more);
        var details = new LinkedHashMap<String, Object>();
        details.put("perClass", result.perClass());
        details.put("confusion", result.confusion());
        details.put("calibration", evaluation.calibration());
        return new Evaluated(values, details, evaluation.table(), () -> evaluation.rows(data));
    }

    @Override
    public Optional<TensorAnswer> answer(SavedNet net) {
        double temperature = Calibration.of(net.model()).temperature();
        return Optional.of(new TensorAnswer(
                "probabilities", logits -> logits.mul(1 / temperature).softmax(1)));
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(new ClassKeeper(new Classifier(net)));
    }

    @Override
    public Predictor predictor(SavedNet net) {
        return new Classifier(net);
    }

    /** Of networks for images; clips are not shown one by one. */
    @Override
    public Optional<ItemScorer> items(SavedNet net) {
        List<String> classes = net.config().classes();
        return net.preprocess().frames().length() > 1
                ? Optional.empty()
                : Optional.of(ItemScorer.of(
                        new Classifier(net).with(1, "fp32"),
                        classes,
                        "accuracy",
                        true,
                        (answer, target) -> ItemScorer.Grade.of(
                                ((Prediction) answer).label().equals(classes.get(((Target.Label) target).index())))));
    }
}
