package dev.fovea.task.classify;

import dev.fovea.data.DataException;
import dev.fovea.data.Target;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Predictor;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ClassAnswers;
import dev.fovea.run.answers.ImageFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps the probabilities of all classes. */
final class ClassKeeper implements AnswerKeeper {

    private final Classifier classifier;
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Integer> truth = new ArrayList<>();
    private final List<float[]> probabilities = new ArrayList<>();

    ClassKeeper(Classifier classifier) {
        this.classifier = classifier;
        List<String> classes = classifier.classes();
        for (int i = 0; i < classes.size(); i++) {
            positions.put(classes.get(i), i);
        }
    }

    @Override
    public Predictor predictor() {
        return classifier.with(classifier.classes().size(), "fp32");
    }

    @Override
    public void keep(String name, Target target, Predictor.Answer answer) {
        if (!(target instanceof Target.Label label)) {
            throw new DataException("%s: is not labelled with one class, this needs class labels".formatted(name));
        }
        float[] row = new float[positions.size()];
        ((Prediction) answer).top().forEach(one -> row[positions.get(one.label())] = (float) one.probability());
        truth.add(label.index());
        probabilities.add(row);
    }

    @Override
    public Answers answers(List<ImageFacts> images) {
        int k = positions.size();
        float[] all = new float[Math.multiplyExact(probabilities.size(), k)];
        for (int i = 0; i < probabilities.size(); i++) {
            System.arraycopy(probabilities.get(i), 0, all, i * k, k);
        }
        return new ClassAnswers(
                classifier.classes(),
                images,
                truth.stream().mapToInt(label -> label).toArray(),
                all);
    }
}
