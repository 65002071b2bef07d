package dev.fovea.train;

import dev.fovea.engine.Tensor;
import dev.fovea.optim.Gradients;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Roles;
import dev.fovea.optim.Updater;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights that one phase of a step changes, with the optimizer's state for them. */
record ParameterGroup(Objective.Phase phase, Map<String, Tensor> parameters, Updater updater) {

    /** One for each phase of {@code objective}. */
    static List<ParameterGroup> of(
            Objective objective, Map<String, Tensor> parameters, Optimizer optimizer, Roles roles) {
        return objective.phases().stream()
                .map(phase -> {
                    var own = new LinkedHashMap<>(parameters);
                    own.keySet().removeIf(name -> !name.startsWith(phase.prefix()));
                    if (own.isEmpty()) {
                        throw new IllegalArgumentException(
                                "freeze: leaves nothing of the %s to train. Leave a pattern out"
                                        .formatted(phase.prefix().isEmpty() ? "network" : phase.part()));
                    }
                    return new ParameterGroup(phase, own, optimizer.updater(own, roles));
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

    /**
     * What a step of this phase tells: its metrics; the loss, if it is the last of {@code groups}; where there are several
     * and an update comes, the norm of its gradient.
     */
    Map<String, Double> means(double loss, Map<String, Tensor> metrics, List<ParameterGroup> groups, boolean update) {
        var means = new LinkedHashMap<String, Double>();
        if (groups.get(groups.size() - 1) == this) {
            means.put("loss", loss);
        }
        metrics.forEach((name, metric) -> means.put(name, metric.item()));
        if (groups.size() > 1 && update) {
            means.put(phase.part() + "Gradient", Gradients.norm(parameters.values()));
        }
        return means;
    }

    /** Until it is closed, the weights of this one of {@code groups} alone require gradients. */
    Alone alone(List<ParameterGroup> groups) {
        List<ParameterGroup> others =
                groups.stream().filter(other -> other != this).toList();
        others.forEach(other -> other.learns(false));
        return () -> others.forEach(other -> other.learns(true));
    }

    /** While a generator learns, its gradient passes through the discriminator, whose weights it must not change. */
    interface Alone extends AutoCloseable {
        @Override
        void close();
    }
}
