package dev.fovea.optim;

import dev.fovea.engine.Tensor;
import java.util.Map;

/** RMSprop, tensor by tensor: libtorch has no fused kernel for it. */
final class RmsPropUpdater extends Updater {

    private final Optimizer.RmsProp settings;

    RmsPropUpdater(Optimizer.RmsProp settings, Map<String, Tensor> parameters, Roles roles) {
        super(parameters, roles);
        this.settings = settings;
        track("square");
        if (settings.momentum() > 0) {
            track("velocity");
        }
    }

    @Override
    void update(double lr) {
        for (Group group : groups()) {
            double rate = lr * group.factor();
            double decay = group.decay(settings.weightDecay());
            for (String name : group.names()) {
                Tensor parameter = parameters.get(name);
                Tensor gradient = parameter.grad();
                if (decay > 0) {
                    gradient = gradient.add(parameter.mul(decay));
                }
                Tensor square =
                        state(name, "square").mul_(settings.alpha()).addcmul_(gradient, gradient, 1 - settings.alpha());
                Tensor root = square.sqrt().add(settings.eps());
                if (settings.momentum() > 0) {
                    Tensor velocity =
                            state(name, "velocity").mul_(settings.momentum()).addcdiv_(gradient, root, 1);
                    parameter.add_(velocity, -rate);
                } else {
                    parameter.addcdiv_(gradient, root, -rate);
                }
            }
        }
    }
}
