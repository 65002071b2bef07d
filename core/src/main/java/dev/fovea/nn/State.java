package dev.fovea.nn;

import dev.fovea.engine.Allowance;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a layer owns: parameters, which are trained; buffers, which are saved but not trained (the running
 * statistics of a norm); the states of its children; and whether it trains or evaluates.
 *
 * <p>Names of nested tensors are joined by dots, {@code layer1.0.conv1.weight}, as in PyTorch.
 */
public final class State {

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, State> children = new LinkedHashMap<>();
    private boolean training = true;
    private boolean dropout = true;

    /** The state of a layer that owns nothing. */
    public static State none() {
        return new State();
    }

    /** Registers a trained tensor; its gradient is recorded from now on. */
    public void parameter(String name, Tensor tensor) {
        put(parameters, name, tensor.channelsLast().requireGrad(true));
    }

    /** Registers a tensor that is saved but not trained. */
    public void buffer(String name, Tensor tensor) {
        put(buffers, name, tensor);
    }

    /** The parameter or buffer this state itself owns under {@code name}. */
    public Tensor get(String name) {
        Tensor tensor = parameters.getOrDefault(name, buffers.get(name));
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "no tensor '%s', there are %s and %s".formatted(name, parameters.keySet(), buffers.keySet()));
        }
        return tensor;
    }

    /** Whether this state itself owns a tensor of that name. */
    public boolean has(String name) {
        return parameters.containsKey(name) || buffers.containsKey(name);
    }

    /** Registers the state of a child layer; a name may not hold a dot. */
    public void add(String name, State child) {
        if (name.isEmpty() || name.indexOf('.') >= 0 || children.containsKey(name)) {
            throw new IllegalArgumentException(
                    "child name must be new, not empty and without dots, got '%s'".formatted(name));
        }
        children.put(name, child);
    }

    /** Forgets a child layer, which is then no longer trained, saved or moved. */
    public void drop(String name) {
        if (children.remove(name) == null) {
            throw new IllegalArgumentException("no child '%s', there are %s".formatted(name, children.keySet()));
        }
    }

    /** Switches between training (dropout on, norms by batch) and evaluation, for all children too. */
    public void train(boolean on) {
        training = on;
        children.values().forEach(child -> child.train(on));
    }

    /** Whether the layer trains; true from the start. */
    public boolean training() {
        return training;
    }

    /** Switches dropout off, or on again, for all children too: a few images are overfitted without it. */
    public void dropout(boolean on) {
        dropout = on;
        children.values().forEach(child -> child.dropout(on));
    }

    /** Whether the layer trains and may drop values while it does. */
    public boolean drops() {
        return training && dropout;
    }

    /** All parameters by full name, in the order of registration. */
    public Map<String, Tensor> parameters() {
        var all = new LinkedHashMap<String, Tensor>();
        collect("", all, true, false);
        return all;
    }

    /** All parameters and buffers by full name. */
    public Map<String, Tensor> tensors() {
        var all = new LinkedHashMap<String, Tensor>();
        collect("", all, true, true);
        return all;
    }

    /** All buffers by full name. */
    public Map<String, Tensor> buffers() {
        var all = new LinkedHashMap<String, Tensor>();
        collect("", all, false, true);
        return all;
    }

    /** The first parameter or buffer that has a value which is infinite or NaN. */
    public Optional<String> notFinite() {
        return Weights.notFinite(tensors());
    }

    /** The names of the direct children. */
    public List<String> childNames() {
        return new ArrayList<>(children.keySet());
    }

    /** The number of trained elements. */
    public long parameterCount() {
        return parameters().values().stream().mapToLong(Tensor::elements).sum();
    }

    /** Moves every tensor to {@code device}. */
    public void to(Device device) {
        replace(tensor -> tensor.to(device));
    }

    /** Replaces every tensor, for all children too; a parameter stays one. */
    public void replace(UnaryOperator<Tensor> change) {
        parameters.replaceAll((name, tensor) -> {
            Tensor changed = change.apply(tensor.detach());
            return changed.requireGrad(tensor.requiresGrad());
        });
        buffers.replaceAll((name, tensor) -> change.apply(tensor));
        children.values().forEach(child -> child.replace(change));
    }

    private void collect(String prefix, Map<String, Tensor> into, boolean withParameters, boolean withBuffers) {
        if (withParameters) {
            parameters.forEach((name, tensor) -> into.put(prefix + name, tensor));
        }
        if (withBuffers) {
            buffers.forEach((name, tensor) -> into.put(prefix + name, tensor));
        }
        children.forEach((name, child) -> child.collect(prefix + name + ".", into, withParameters, withBuffers));
    }

    private void put(Map<String, Tensor> map, String name, Tensor tensor) {
        if (name.isEmpty() || name.indexOf('.') >= 0 || has(name)) {
            throw new IllegalArgumentException(
                    "tensor name must be new, not empty and without dots, got '%s'".formatted(name));
        }
        Allowance.take(tensor);
        map.put(name, tensor);
    }
}
