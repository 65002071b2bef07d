package dev.fovea.serve;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a model's answers are made of: to ask about an image of noise is the only way to know. */
public final class ExampleAnswer {

    private static final int CHANNELS = 3;

    private ExampleAnswer() {}

    /** The values of an answer, of each list no more than its first; empty of a model that answers about no image. */
    public static Map<String, Object> of(Predictor predictor, int height, int width) {
        byte[] noise = new byte[CHANNELS * height * width];
        new Random(1).nextBytes(noise);
        try {
            Predictor.Answer answer = all(predictor).predict(new Image(width, height, CHANNELS, noise));
            var values = new LinkedHashMap<String, Object>();
            answer.values()
                    .forEach((name, value) -> values.put(
                            name, value instanceof List<?> list ? list.subList(0, Math.min(1, list.size())) : value));
            return values;
        } catch (RuntimeException e) { // a model for clips, or one that has its say when it is asked
            return Map.of();
        }
    }

    /** Of a detector one that finds something in anything. */
    private static Predictor all(Predictor predictor) {
        try {
            return predictor.withConfidence(0);
        } catch (IllegalArgumentException e) {
            return predictor;
        }
    }
}
