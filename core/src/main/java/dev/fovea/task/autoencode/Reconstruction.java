package dev.fovea.task.autoencode;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;
import java.util.List;

/**
 * Reconstructs an image from its code, or from the code of a corrupted copy of it (Vincent et al. 2008).
 *
 * @param noise standard deviation of Gaussian noise added to the input, of 0 to 1
 * @param saltAndPepper share of the input's pixels set to 0 or 1
 * @param masked share of the input's pixels set to 0
 * @param l1Code weight of the mean absolute value of the code in the loss
 * @param targetActivation target of the mean activation of each unit of the code, which must be from 0 to 1; 0 for
 * none (Ng 2011)
 * @param klWeight weight of the Kullback-Leibler divergence from it in the loss, the mean over the code
 * @param contraction factor of the squared gradient of the code by the input (Rifai et al. 2011)
 */
@JsonTypeName(Reconstruction.WORD)
public record Reconstruction(
        double noise,
        double saltAndPepper,
        double masked,
        double l1Code,
        double targetActivation,
        double klWeight,
        double contraction)
        implements Task {

    static final String WORD = "reconstruction";

    public Reconstruction {
        Task.check(noise >= 0, "task.noise must be 0 or more, got task.noise=%s", noise);
        Task.check(
                saltAndPepper >= 0 && saltAndPepper <= 1,
                "task.saltAndPepper must be 0 to 1, got task.saltAndPepper=%s",
                saltAndPepper);
        Task.check(masked >= 0 && masked < 1, "task.masked must be 0 to below 1, got task.masked=%s", masked);
        Task.check(l1Code >= 0, "task.l1Code must be 0 or more, got task.l1Code=%s", l1Code);
        Task.check(
                targetActivation >= 0 && targetActivation < 1,
                "task.targetActivation must be 0 to below 1, got task.targetActivation=%s",
                targetActivation);
        Task.check(klWeight >= 0, "task.klWeight must be 0 or more, got task.klWeight=%s", klWeight);
        Task.check(contraction >= 0, "task.contraction must be 0 or more, got task.contraction=%s", contraction);
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
