package dev.fovea.task.autoencode;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;
import java.util.List;

/**
 * Reconstructs an image from tokens of a codebook (van den Oord et al. 2017).
 *
 * @param commitment weight of the distance between the encoder's vectors and their codes
 */
@JsonTypeName(Quantization.WORD)
public record Quantization(double commitment) implements Task {

    static final String WORD = "quantization";

    public Quantization {
        Task.check(commitment >= 0, "task.commitment must be 0 or more, got task.commitment=%s", commitment);
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public List<String> losses() {
        return Task.PROBABILITIES;
    }
}
