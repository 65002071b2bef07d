package dev.fovea.task.embed;

import dev.fovea.image.Image;
import dev.fovea.run.Trial;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Embeddings as they are tried: that of an image, and whether two images are of one identity. */
record EmbeddingTrial(Embedder embedder) implements Trial {

    @Override
    public Outcome of(Image image, Optional<Image> mask, Map<String, Double> chosen) {
        EmbeddingPrediction answer = embedder.predict(image);
        return new Outcome(answer.values(), answer.text(), Map.of());
    }

    @Override
    public boolean compares() {
        return true;
    }

    @Override
    public Outcome compared(Image a, Image b) {
        double similarity = Embedder.similarity(embedder.embed(a), embedder.embed(b));
        var values = new LinkedHashMap<String, Object>();
        values.put("similarity", similarity);
        embedder.threshold().ifPresent(threshold -> {
            values.put("threshold", threshold);
            values.put("same", similarity >= threshold);
        });
        return new Outcome(values, String.format(Locale.ROOT, "similarity %.3f", similarity), Map.of());
    }
}
