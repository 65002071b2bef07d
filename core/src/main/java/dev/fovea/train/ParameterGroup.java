package dev.fovea.train;

import dev.fovea.engine.Tensor;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Updater;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights that one phase of a step changes, with the optimizer's state for them. */
record ParameterGroup(Objective.Phase phase, Map<String, Tensor> parameters, Updater updater) {

    /** One for each phase of {@code objective}. */
    static List<ParameterGroup> of(Objective objective, Map<String, Tensor> parameters, Optimizer optimizer) {
        return objective.phases().stream()
                .map(phase -> {
                    var own = new LinkedHashMap<>(parameters);
                    own.keySet().removeIf(name -> !name.startsWith(phase.prefix()));
                    return new ParameterGroup(phase, own, optimizer.updater(own));
                })
                .toList();
    }

    /** What checkpoints call its optimizer's state. */
    String name() {
        return phase.prefix().isEmpty() ? "optimizer" : "optimizer-" + phase.prefix();
    }

    /** Whether weights of this group require gradients; gradients pass through it even if not. */
    void learns(boolean on) {
        parameters.values().forEach(weight -> weight.requireGrad(on));
    }
}
