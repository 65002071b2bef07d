package dev.fovea.task.multilabel;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Evaluated;
import dev.fovea.run.Explained;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.ItemScorer;
import dev.fovea.run.Predictor;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.run.TensorAnswer;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells which labels, any number of them, an image has: the task of {@link MultiLabel} settings. */
public final class MultiLabelType implements TaskType<MultiLabel> {

    /** The only one. */
    public static final MultiLabelType TYPE = new MultiLabelType();

    private static final int NAMED = 5;

    private MultiLabelType() {}

    @Override
    public String word() {
        return MultiLabel.WORD;
    }

    @Override
    public String kind() {
        return "multilabel";
    }

    @Override
    public Class<MultiLabel> settings() {
        return MultiLabel.class;
    }

    @Override
    public List<MultiLabel> defaults() {
        return List.of(new MultiLabel(false));
    }

    /** These, where they are for this task, else the usual ones. */
    static MultiLabel settings(Task task) {
        return task instanceof MultiLabel own ? own : TYPE.defaults().get(0);
    }

    @Override
    public Class<?> network() {
        return Layer.class;
    }

    /** The networks of classifiers, no others that are functions of images. */
    @Override
    public boolean trains(Class<?> networks) {
        return networks == Layer.class;
    }

    @Override
    public Recipe start(Recipe base) {
        return base.withLoss(new Loss.BinaryCrossEntropy());
    }

    @Override
    public Splits checked(Splits data) {
        Dataset train = data.train();
        if (train.size() == 0) {
            throw new DataException("the data has no training part");
        }
        if (!(train.target(0) instanceof Target.Labels)) {
            throw new DataException(
                    "%s: says no labels of which an image may have several. Expected a CSV file of path,labels with labels separated by |"
                            .formatted(train.name(0)));
        }
        List<String> constant = constant(train);
        if (constant.size() == train.classes().size()) {
            throw new DataException(
                    "no label tells training images apart: %s on all or none of them. Each should be missing on some"
                            .formatted(
                                    constant.isEmpty()
                                            ? "there is none"
                                            : constant.get(0) + (constant.size() == 1 ? " is" : " and others are")));
        }
        return data;
    }

    /** Labels that all training images have, or none. */
    private static List<String> constant(Dataset train) {
        int[] counts = train.counts();
        var constant = new ArrayList<String>();
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] == 0 || counts[c] == train.size()) {
                constant.add("'" + train.classes().get(c) + "'");
            }
        }
        return constant;
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
        return new MultiLabelObjective(
                run.data().train().classes(), run.recipe().loss(), run.pixels());
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Finished.unvalidated(run);
        }
        MultiLabelEvaluation evaluation = new MultiLabelClassifier(new SavedNet(run.model(), run.device()))
                .evaluateWithBestThresholds(validation);
        MultiLabelResult result = evaluation.result();
        ModelPackage model =
                run.model().withThresholds(MultiLabelClassifier.byLabel(result)).withMetrics(result.values());
        var classifier = new MultiLabelClassifier(new SavedNet(model, run.device()));
        double seconds = run.seconds();
        return new Finished(
                model,
                result.values(),
                remarks(run.data().train(), result),
                folder -> new MultiLabelReport(run, classifier, evaluation, history).write(folder, seconds));
    }

    /** What the figures hide. */
    static List<String> remarks(Dataset train, MultiLabelResult result) {
        var remarks = new ArrayList<String>();
        List<String> constant = constant(train);
        if (!constant.isEmpty()) {
            remarks.add("On all training images or on none: %s. Nothing can be learned about that"
                    .formatted(listed(constant)));
        }
        List<String> unseen = result.perLabel().stream()
                .filter(label -> label.support() == 0)
                .map(label -> "'" + label.name() + "'")
                .toList();
        if (!unseen.isEmpty()) {
            remarks.add(
                    "On none of the validation images: %s. The threshold stays at 0.5, and there is no average precision; hold out more with selection.validation"
                            .formatted(listed(unseen)));
        }
        return remarks;
    }

    private static String listed(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and %s more".formatted(names.size() - NAMED) : "");
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        MultiLabelEvaluation evaluation = new MultiLabelClassifier(net).evaluate(data);
        MultiLabelResult result = evaluation.result();
        return new Evaluated(
                result.values(),
                Map.of("perLabel", result.perLabel()),
                evaluation.table(),
                () -> evaluation.rows(data));
    }

    @Override
    public Optional<TensorAnswer> answer(SavedNet net) {
        return Optional.of(new TensorAnswer("probabilities", Tensor::sigmoid));
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(new LabelKeeper(new MultiLabelClassifier(net)));
    }

    @Override
    public Predictor predictor(SavedNet net) {
        return new MultiLabelClassifier(net);
    }

    @Override
    public Optional<Function<SavedNet, Explained>> explained() {
        return Optional.of(MultiLabelClassifier::new);
    }

    @Override
    public Optional<ItemScorer> items(SavedNet net) {
        List<String> labels = net.config().classes();
        return Optional.of(ItemScorer.of(
                new MultiLabelClassifier(net), labels, "f1", true, (answer, target) -> grade(answer, target, labels)));
    }

    /** F1 of the labels that are given: of an image without any that gets none, 1. */
    private static ItemScorer.Grade grade(Predictor.Answer answer, Target target, List<String> labels) {
        Set<String> given = ((MultiLabelPrediction) answer)
                .labels().stream().map(MultiLabelPrediction.Scored::label).collect(Collectors.toSet());
        boolean[] present = ((Target.Labels) target).present();
        int right = 0;
        int wanted = 0;
        for (int i = 0; i < present.length; i++) {
            wanted += present[i] ? 1 : 0;
            right += present[i] && given.contains(labels.get(i)) ? 1 : 0;
        }
        int all = given.size() + wanted;
        double f1 = all == 0 ? 1 : 2.0 * right / all;
        return new ItemScorer.Grade(f1, f1 == 1);
    }
}
