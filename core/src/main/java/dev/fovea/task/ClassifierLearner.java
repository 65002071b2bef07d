package dev.fovea.task;

import dev.fovea.data.DataRemarks;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.train.ClassificationObjective;
import dev.fovea.train.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A run that trains a classifier. */
final class ClassifierLearner implements Learner {

    private Classifier classifier;
    private List<String> remarks = List.of();

    /** The result of the run. */
    Classifier classifier() {
        return classifier;
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
    public Objective objective(RunContext run) {
        Dataset train = run.data().train();
        return new ClassificationObjective(
                train.classes(),
                run.recipe().loss(),
                run.pixels(),
                DataRemarks.imbalanced(train)
                        ? ClassificationObjective.BALANCED_ACCURACY
                        : ClassificationObjective.ACCURACY);
    }

    @Override
    public Map<String, Double> finish(RunContext run, History history) {
        if (run.data().validation().size() == 0) {
            classifier = classifier(run, Map.of(), target -> {
                throw new IllegalStateException("report: the run had no images to validate on");
            });
            classifier.save(run.folder().model());
            return Map.of();
        }
        Evaluation evaluation =
                classifier(run, Map.of(), target -> {}).evaluate(run.data().validation());
        Map<String, Double> metrics = evaluation.result().values();
        double seconds = run.seconds();
        classifier = classifier(
                run,
                metrics,
                target -> new ClassifierReport(run, classifier, evaluation, history).write(target, seconds));
        remarks = AnswerRemarks.of(evaluation.result(), uneven(run));
        classifier.save(run.folder().model());
        classifier.report(run.folder().path());
        return metrics;
    }

    /** Whether rare classes are drawn as rarely as they are there. */
    static boolean uneven(RunContext run) {
        return DataRemarks.imbalanced(run.data().train())
                && !run.recipe().selection().balanced();
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }

    private static Classifier classifier(RunContext run, Map<String, Double> metrics, Consumer<Path> report) {
        return new Classifier(run.model().withMetrics(metrics), run.device(), report);
    }
}
