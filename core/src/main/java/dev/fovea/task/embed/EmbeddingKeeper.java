package dev.fovea.task.embed;

import dev.fovea.data.DataException;
import dev.fovea.data.Target;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Predictor;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.EmbeddingAnswers;
import dev.fovea.run.answers.ImageFacts;
import java.util.ArrayList;
import java.util.List;

/** Keeps the embeddings of images and whose they are. */
final class EmbeddingKeeper implements AnswerKeeper.OfSome {

    private final Embedder embedder;
    private final List<Integer> truth = new ArrayList<>();
    private final List<float[]> embeddings = new ArrayList<>();

    EmbeddingKeeper(Embedder embedder) {
        this.embedder = embedder;
    }

    @Override
    public Predictor predictor() {
        return embedder.with(1, "fp32");
    }

    @Override
    public void keep(String name, Target target, Predictor.Answer answer) {
        if (!(target instanceof Target.Label label)) {
            throw new DataException("%s: has no single class. Expected the identity of every image".formatted(name));
        }
        truth.add(label.index());
        List<Float> numbers = ((EmbeddingPrediction) answer).embedding();
        float[] own = new float[numbers.size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = numbers.get(i);
        }
        embeddings.add(own);
    }

    @Override
    public Answers answers(List<ImageFacts> images) {
        return EmbeddingAnswers.of(List.of(), images, truth, embeddings, embedder.threshold());
    }
}
