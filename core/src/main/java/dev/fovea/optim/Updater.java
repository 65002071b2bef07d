package dev.fovea.optim;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An optimizer with its state for one set of parameters; made outside any {@link Scope} that ends before it. */
public abstract sealed class Updater permits AdamUpdater, SgdUpdater, RmsPropUpdater, MuonUpdater {

    /**
     * Parameters that take the same step.
     *
     * @param flat whether they have one dimension at most: biases, and the scales and shifts of norms
     * @param factor of the learning rate
     */
    record Group(boolean flat, double factor, List<String> names) {
        /** Biases and norms do not decay. */
        double decay(double weightDecay) {
            return flat ? 0 : weightDecay;
        }
    }

    final Map<String, Tensor> parameters;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final Roles roles;

    Updater(Map<String, Tensor> parameters, Roles roles) {
        this.parameters = new LinkedHashMap<>(parameters);
        this.roles = roles;
    }

    /** A zero of the parameter's shape and layout, kept under {@code name.kind}. */
    final void track(String kind) {
        track(kind, parameters.keySet());
    }

    /** The same for some of the parameters. */
    final void track(String kind, Set<String> names) {
        try (var noGrad = new NoGrad()) {
            names.forEach(name -> state.put(
                    name + "." + kind, parameters.get(name).detach().copy().fill_(0)));
        }
    }

    /** Saves and restores the state of another one, for other parameters, together with its own. */
    final void share(Updater other) {
        state.putAll(other.state);
    }

    /** A counter per parameter, as the fused kernels want it: a float32 scalar beside the parameter, on its device. */
    final void count() {
        parameters.forEach(
                (name, parameter) -> state.put(name + ".step", Tensor.zeros().to(parameter.device())));
    }

    final Tensor state(String name, String kind) {
        return state.get(name + "." + kind);
    }

    final List<Tensor> states(List<String> names, String kind) {
        return names.stream().map(name -> state(name, kind)).toList();
    }

    final List<Tensor> parameters(List<String> names) {
        return names.stream().map(parameters::get).toList();
    }

    /** Gradients in the parameter's memory layout, which the fused kernels require. */
    final List<Tensor> gradients(List<String> names) {
        return names.stream()
                .map(name -> parameters.get(name).grad().channelsLast())
                .toList();
    }

    /** The parameters that have a gradient. */
    final List<Group> groups() {
        var groups = new LinkedHashMap<List<Object>, Group>();
        parameters.forEach((name, parameter) -> {
            if (parameter.hasGrad()) {
                boolean flat = parameter.dims() < 2;
                double factor = roles.factor(name);
                groups.computeIfAbsent(List.of(flat, factor), key -> new Group(flat, factor, new ArrayList<>()))
                        .names()
                        .add(name);
            }
        });
        return List.copyOf(groups.values());
    }

    /** One update with this learning rate; parameters that no gradient reached stay as they are. */
    public final void step(double lr) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            update(lr);
        }
    }

    abstract void update(double lr);

    /** Drops all gradients. */
    public final void clearGradients() {
        parameters.values().forEach(Tensor::clearGrad);
    }

    /** The state by name, for a checkpoint. */
    public final Map<String, Tensor> tensors() {
        return new LinkedHashMap<>(state);
    }

    /**
     * Takes over the state of a checkpoint.
     *
     * @throws FormatException if it is not the state of this optimizer for these parameters
     */
    public final void restore(Map<String, Tensor> saved) {
        if (!saved.keySet().equals(state.keySet())) {
            throw new FormatException("the checkpoint holds the state of another optimizer or network");
        }
        state.forEach((name, tensor) -> {
            if (!Arrays.equals(tensor.shape(), saved.get(name).shape())) { // copy_ would broadcast
                throw new FormatException("the checkpoint's '%s' is %s, the optimizer's is %s"
                        .formatted(name, Arrays.toString(saved.get(name).shape()), Arrays.toString(tensor.shape())));
            }
        });
        try (var noGrad = new NoGrad()) {
            state.forEach((name, tensor) -> tensor.copy_(saved.get(name)));
        }
    }
}
