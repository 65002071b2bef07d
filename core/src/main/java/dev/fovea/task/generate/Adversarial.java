package dev.fovea.task.generate;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;

/**
 * A generator against a discriminator (Goodfellow et al. 2014).
 *
 * @param ganLoss the losses of both
 * @param gradientPenalty factor of (gradient norm - 1)² between real and generated (Gulrajani et al. 2017)
 * @param r1Penalty factor of half the squared gradient at real images, R1 (Mescheder et al. 2018)
 * @param penaltyInterval penalties are taken in one of so many steps, drawn at random, and that many times as
 * strong: a
 *     penalty costs as much as the rest of the step, and seldom is enough (Karras et al. 2020)
 * @param discriminatorSteps steps of the discriminator for each step of the generator; 5 with a Wasserstein critic
 * (Gulrajani et al. 2017)
 * @param augment whether real and generated images are augmented before the discriminator, for small sets (Zhao et
 * al. 2020)
 */
@JsonTypeName(Adversarial.WORD)
public record Adversarial(
        GanLoss ganLoss,
        double gradientPenalty,
        double r1Penalty,
        int penaltyInterval,
        int discriminatorSteps,
        boolean augment)
        implements Task {

    static final String WORD = "adversarial";

    public Adversarial {
        Task.check(gradientPenalty >= 0, "task.gradientPenalty must be 0 or more, got %s", gradientPenalty);
        Task.check(r1Penalty >= 0, "task.r1Penalty must be 0 or more, got %s", r1Penalty);
        Task.check(penaltyInterval >= 1, "task.penaltyInterval must be at least 1, got %s", penaltyInterval);
        Task.check(discriminatorSteps >= 1, "task.discriminatorSteps must be at least 1, got %s", discriminatorSteps);
        Task.check(
                ganLoss != GanLoss.WGAN || gradientPenalty + r1Penalty > 0,
                "task.ganLoss=wgan: the critic must not be steep without limit. Set task.gradientPenalty=10 or task.r1Penalty");
    }

    @Override
    public String word() {
        return WORD;
    }
}
