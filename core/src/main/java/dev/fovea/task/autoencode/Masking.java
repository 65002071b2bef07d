package dev.fovea.task.autoencode;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;
import java.util.List;

/**
 * Reconstructs the masked patches of an image from the visible ones (He et al. 2021).
 *
 * @param maskRatio share of the patches
 */
@JsonTypeName(Masking.WORD)
public record Masking(double maskRatio) implements Task {

    static final String WORD = "masking";

    public Masking {
        Task.check(
                maskRatio > 0 && maskRatio < 1,
                "task.maskRatio must be above 0 to below 1, got task.maskRatio=%s",
                maskRatio);
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
