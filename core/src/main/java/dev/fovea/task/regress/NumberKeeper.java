package dev.fovea.task.regress;

import dev.fovea.data.DataException;
import dev.fovea.data.Target;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Predictor;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ImageFacts;
import dev.fovea.run.answers.NumberAnswers;
import java.util.ArrayList;
import java.util.List;

/** Keeps predicted numbers beside the true ones. */
final class NumberKeeper implements AnswerKeeper {

    private final Regressor regressor;
    private final List<float[]> truth = new ArrayList<>();
    private final List<float[]> predicted = new ArrayList<>();

    NumberKeeper(Regressor regressor) {
        this.regressor = regressor;
    }

    @Override
    public Predictor predictor() {
        return regressor.with(1, "fp32");
    }

    @Override
    public void keep(String name, Target target, Predictor.Answer answer) {
        if (!(target instanceof Target.Values values)) {
            throw new DataException("%s: has no numbers. Expected %s of every image"
                    .formatted(name, String.join(", ", regressor.names())));
        }
        truth.add(values.numbers().clone());
        List<RegressionPrediction.Value> numbers = ((RegressionPrediction) answer).numbers();
        float[] own = new float[numbers.size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = (float) numbers.get(i).value();
        }
        predicted.add(own);
    }

    @Override
    public Answers answers(List<ImageFacts> images) {
        return new NumberAnswers(
                regressor.names(), images, truth, predicted, regressor.names().get(0));
    }
}
