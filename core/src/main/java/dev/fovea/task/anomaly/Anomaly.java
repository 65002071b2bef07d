package dev.fovea.task.anomaly;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;

/**
 * Models the features of normal images in a trained network, so that anomalous ones stand out; nothing is trained.
 *
 * @param backbone a run or model of a classifier or autoencoder, trained on any images
 */
@JsonTypeName(Anomaly.WORD)
public record Anomaly(String backbone) implements Task {

    static final String WORD = "anomaly";

    @Override
    public String word() {
        return WORD;
    }
}
