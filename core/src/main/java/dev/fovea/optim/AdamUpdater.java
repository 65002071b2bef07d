package dev.fovea.optim;

import dev.fovea.engine.Fused;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Map;

/** Adam and AdamW through libtorch's fused kernel. */
final class AdamUpdater extends Updater {

    private final boolean decoupled;
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final double weightDecay;

    AdamUpdater(
            Map<String, Tensor> parameters,
            Roles roles,
            boolean decoupled,
            double beta1,
            double beta2,
            double eps,
            double weightDecay) {
        super(parameters, roles);
        this.decoupled = decoupled;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
        this.weightDecay = weightDecay;
        track("mean");
        track("square");
        count();
    }

    @Override
    void update(double lr) {
        for (Group group : groups()) {
            List<String> names = group.names();
            List<Tensor> steps = states(names, "step");
            steps.forEach(step -> step.add_(1));
            Fused.adam(
                    decoupled,
                    parameters(names),
                    gradients(names),
                    states(names, "mean"),
                    states(names, "square"),
                    steps,
                    lr * group.factor(),
                    beta1,
                    beta2,
                    group.decay(weightDecay),
                    eps);
        }
    }
}
