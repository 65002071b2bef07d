package dev.fovea.task.regress;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.metrics.RegressionResult;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Predicts one or several numbers of an image: the task of {@link Regression} settings. */
public final class RegressionType implements TaskType<Regression> {

    /** The only one. */
    public static final RegressionType TYPE = new RegressionType();

    private RegressionType() {}

    @Override
    public String word() {
        return Regression.WORD;
    }

    @Override
    public Class<Regression> settings() {
        return Regression.class;
    }

    @Override
    public List<Regression> defaults() {
        return List.of(Regression.of());
    }

    /** These, where they are for this task, else the usual ones. */
    static Regression settings(Task task) {
        return task instanceof Regression own ? own : Regression.of();
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
        return base.withLoss(new Loss.Mse());
    }

    @Override
    public Splits checked(Splits data) {
        if (data.train().size() < 2) {
            throw new DataException(
                    data.train().size() == 0
                            ? "the data has no training part"
                            : "found 1 training image, training needs at least 2");
        }
        Standardization.of(data.train());
        return data;
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
        return new RegressionObjective(
                run.data().train().classes(), scale(run), run.recipe().loss(), run.pixels());
    }

    private Standardization scale(RunContext run) {
        return Standardization.of(settings(run.recipe()), run.data().train());
    }

    @Override
    public ModelPackage unfinished(RunContext run) {
        return run.withTask(
                        scale(run).in(settings(run.recipe()), run.data().train().classes()))
                .model();
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        ModelPackage made = unfinished(run);
        if (validation.size() == 0) {
            return new Finished(made, Map.of(), List.of(), Finished.Report.NONE);
        }
        RegressionEvaluation evaluation = new Regressor(new SavedNet(made, run.device())).evaluate(validation);
        RegressionResult result = evaluation.result();
        ModelPackage model = made.withMetrics(result.values());
        var regressor = new Regressor(new SavedNet(model, run.device()));
        double seconds = run.seconds();
        return new Finished(
                model,
                result.values(),
                remarks(result),
                folder -> new RegressionReport(run, regressor, evaluation, history).write(folder, seconds));
    }

    /** What the figures hide. */
    static List<String> remarks(RegressionResult result) {
        return result.perTarget().stream()
                .filter(target -> target.r2() <= 0)
                .map(target -> String.format(
                        Locale.ROOT,
                        "'%s' is predicted no better than by always answering the mean of the validation images (R² %.3f). Train for more epochs, or change optimizer.lr",
                        target.name(),
                        target.r2()))
                .toList();
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        RegressionEvaluation evaluation = new Regressor(net).evaluate(data);
        RegressionResult result = evaluation.result();
        return new Evaluated(
                result.values(),
                Map.of("perTarget", result.perTarget()),
                evaluation.table(),
                () -> evaluation.rows(data));
    }

    @Override
    public Optional<TensorAnswer> answer(SavedNet net) {
        Regression settings = net.settings(this);
        var scale = new Standardization(settings.mean(), settings.deviation());
        return Optional.of(new TensorAnswer("values", scale::original));
    }

    @Override
    public Predictor predictor(SavedNet net) {
        return new Regressor(net);
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(new NumberKeeper(new Regressor(net)));
    }

    @Override
    public Optional<Function<SavedNet, Explained>> explained() {
        return Optional.of(Regressor::new);
    }

    @Override
    public Optional<ItemScorer> items(SavedNet net) {
        return Optional.of(ItemScorer.of(new Regressor(net), List.of(), "mae", false, RegressionType::grade));
    }

    /** The mean absolute error of the numbers of an image. */
    private static ItemScorer.Grade grade(Predictor.Answer answer, Target target) {
        List<RegressionPrediction.Value> predicted = ((RegressionPrediction) answer).numbers();
        float[] truth = ((Target.Values) target).numbers();
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            sum += Math.abs(predicted.get(i).value() - truth[i]);
        }
        return new ItemScorer.Grade(sum / truth.length, sum == 0);
    }
}
