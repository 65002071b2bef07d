package dev.fovea.task.multilabel;

import dev.fovea.data.DataException;
import dev.fovea.data.Target;
import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Predictor;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ImageFacts;
import dev.fovea.run.answers.LabelAnswers;
import java.util.ArrayList;
import java.util.List;

/** Keeps the probabilities of all labels. */
final class LabelKeeper implements AnswerKeeper {

    private final MultiLabelClassifier classifier;
    private final List<boolean[]> truth = new ArrayList<>();
    private final List<float[]> probabilities = new ArrayList<>();

    LabelKeeper(MultiLabelClassifier classifier) {
        this.classifier = classifier;
    }

    @Override
    public Predictor predictor() {
        return classifier.with(classifier.labels().size(), "fp32");
    }

    @Override
    public void keep(String name, Target target, Predictor.Answer answer) {
        if (!(target instanceof Target.Labels labels)) {
            throw new DataException(
                    "%s: has no list of labels. Expected a CSV file of path,labels with labels separated by |"
                            .formatted(name));
        }
        List<String> known = classifier.labels();
        float[] row = new float[known.size()];
        ((MultiLabelPrediction) answer)
                .top()
                .forEach(one -> row[known.indexOf(one.label())] = (float) one.probability());
        truth.add(labels.present());
        probabilities.add(row);
    }

    @Override
    public Answers answers(List<ImageFacts> images) {
        return new LabelAnswers(
                classifier.labels(),
                images,
                new MultiLabelResult.Scored(probabilities, truth),
                classifier.thresholds());
    }
}
