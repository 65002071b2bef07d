package dev.fovea.task.autoencode;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;
import java.util.List;

/**
 * A variational autoencoder (Kingma and Welling 2013).
 *
 * @param beta weight of the Kullback-Leibler divergence from the standard normal distribution (Higgins et al. 2017)
 */
@JsonTypeName(Variational.WORD)
public record Variational(double beta) implements Task {

    static final String WORD = "variational";

    public Variational {
        Task.check(beta >= 0, "task.beta must be 0 or more, got task.beta=%s", beta);
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
