package dev.fovea.task.compress;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;
import java.util.List;

/**
 * Lossy compression (Ballé et al. 2017).
 *
 * @param lambda weight of the distortion, the squared error of values from 0 to 255, against the rate in bits per
 * pixel; about 0.001 to 0.1
 */
@JsonTypeName(Compression.WORD)
public record Compression(double lambda) implements Task {

    static final String WORD = "compression";

    public Compression {
        Task.check(lambda > 0, "task.lambda must be above 0, got task.lambda=%s", lambda);
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public List<String> losses() {
        return List.of("mse");
    }
}
