package dev.fovea.optim;

import dev.fovea.engine.Fused;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Map;

/** SGD through libtorch's fused kernel; velocities start at zero, which equals starting from the first gradient. */
final class SgdUpdater extends Updater {

    private final Optimizer.Sgd settings;

    SgdUpdater(Optimizer.Sgd settings, Map<String, Tensor> parameters, Roles roles) {
        super(parameters, roles);
        this.settings = settings;
        if (settings.momentum() > 0) {
            track("velocity");
        }
    }

    @Override
    void update(double lr) {
        for (Group group : groups()) {
            List<String> names = group.names();
            Fused.sgd(
                    parameters(names),
                    gradients(names),
                    settings.momentum() > 0 ? states(names, "velocity") : List.of(),
                    group.decay(settings.weightDecay()),
                    settings.momentum(),
                    lr * group.factor() * (group.flat() ? settings.biasScale() : 1),
                    settings.nesterov(),
                    false);
        }
    }
}
