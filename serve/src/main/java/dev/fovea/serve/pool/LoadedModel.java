package dev.fovea.serve.pool;

import dev.fovea.run.Predictor;
import java.util.List;

/**
 * A model in memory.
 *
 * @param task its word
 * @param images whether it answers about images one by one, so that they can be gathered into batches; models for clips and those
 *     that make images do not
 */
public record LoadedModel(
        Predictor predictor, String task, List<String> classes, int channels, int height, int width, boolean images) {

    public LoadedModel {
        classes = List.copyOf(classes);
    }
}
