package dev.fovea.task.embed;

import dev.fovea.run.Predictor;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The embedding of an image.
 *
 * @param embedding numbers whose squares add up to 1
 */
public record EmbeddingPrediction(List<Float> embedding) implements Predictor.Answer {

    private static final int SHOWN = 4;

    public EmbeddingPrediction {
        embedding = List.copyOf(embedding);
    }

    @Override
    public Map<String, Object> values() {
        return Map.of("embedding", embedding);
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        embedding.stream().limit(SHOWN).forEach(value -> text.append(String.format(Locale.ROOT, "%.4f ", value)));
        return text + (embedding.size() > SHOWN ? "... (%s numbers)".formatted(embedding.size()) : "");
    }
}
