package dev.fovea.task.generate;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;

/**
 * Generates images by removing noise step by step.
 *
 * @param target what the network predicts
 * @param classDropout share of the training images whose class is dropped, for classifier-free guidance (Ho and
 * Salimans 2022)
 */
@JsonTypeName(Diffusion.WORD)
public record Diffusion(DiffusionTarget target, double classDropout) implements Task {

    static final String WORD = "diffusion";

    public Diffusion {
        Task.check(
                classDropout >= 0 && classDropout <= 1,
                "task.classDropout must be 0 to 1, got task.classDropout=%s",
                classDropout);
    }

    @Override
    public String word() {
        return WORD;
    }
}
