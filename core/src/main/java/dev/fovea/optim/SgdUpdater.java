package dev.fovea.optim;

import dev.fovea.engine.Fused;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Map;

/** SGD through libtorch's fused kernel; velocities start at zero, which equals starting from the first gradient. */
final class SgdUpdater extends Updater {

    private final Optimizer.Sgd settings;

    SgdUpdater(Optimizer.Sgd settings, Map<String, Tensor> parameters) {
        super(parameters);
        this.settings = settings;
        if (settings.momentum() > 0) {
            track("velocity");
        }
    }

    @Override
    void update(double lr) {
        for (Group group : groups(settings.weightDecay())) {
            List<String> names = group.names();
            if (!names.isEmpty()) {
                List<Tensor> velocities = settings.momentum() > 0 ? states(names, "velocity") : List.of();
                Fused.sgd(
                        parameters(names),
                        gradients(names),
                        velocities,
                        group.weightDecay(),
                        settings.momentum(),
                        lr,
                        settings.nesterov(),
                        false);
            }
        }
    }
}
