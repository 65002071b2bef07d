package dev.fovea.nn;

import dev.fovea.engine.Allowance;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What a layer owns: parameters, which are trained; buffers, which are saved but not trained (the running
 * statistics of a norm); the states of its children; whether it trains or evaluates; and the random numbers of its
 * forward pass.
 *
 * <p>Names of nested tensors are joined by dots, {@code layer1.0.conv1.weight}, as in PyTorch.
 *
 * <p>A layer's constructor says how a tensor is to be drawn and draws nothing, so that weights which are read from a file
 * are not drawn in vain. {@link #initialize} draws what nobody has loaded; whoever reads tensors before that finds them
 * drawn from a stream that nobody can foretell.
 */
public final class State {

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, State> children = new LinkedHashMap<>();
    private final Map<String, Initializer> undrawn = new LinkedHashMap<>();
    private final Set<String> frozen = new HashSet<>();
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private Random random;
    private boolean training = true;
    private boolean still;
    private boolean dropout = true;
    private double newShare;

    /** The state of a layer that owns nothing. */
    public static State none() {
        return new State();
    }

    /** Registers a trained tensor; its gradient is recorded from now on. */
    public void parameter(String name, Tensor tensor) {
        put(parameters, name, tensor.channelsLast().requireGrad(true));
    }

    /** Registers a trained tensor of this shape, whose first values {@code initializer} draws. */
    public void parameter(String name, Initializer initializer, long... shape) {
        parameter(name, Tensor.zeros(shape));
        undrawn.put(name, initializer);
    }

    /** Registers a tensor that is saved but not trained. */
    public void buffer(String name, Tensor tensor) {
        put(buffers, name, tensor);
    }

    /** Registers a tensor of this shape that is saved but not trained, whose first values {@code initializer} draws. */
    public void buffer(String name, Initializer initializer, long... shape) {
        buffer(name, Tensor.zeros(shape));
        undrawn.put(name, initializer);
    }

    /**
     * Has the parameters that {@code which} chooses by their last name and shape, those of all children too, drawn in
     * another way than their layers would have it.
     */
    public void initializer(Initializer initializer, BiPredicate<String, Tensor> which) {
        parameters.forEach((name, tensor) -> {
            if (which.test(name, tensor)) {
                undrawn.put(name, initializer);
            }
        });
        children.values().forEach(child -> child.initializer(initializer, which));
    }

    /**
     * Draws the first values of all tensors that were neither drawn nor loaded: of each layer in the order of
     * registration, then of its children.
     */
    public void initialize(Random stream) {
        draw(stream);
        children.values().forEach(child -> child.initialize(stream));
    }

    private void draw(Random stream) {
        if (undrawn.isEmpty()) {
            return;
        }
        var drawing = new LinkedHashMap<>(undrawn);
        undrawn.clear();
        try (var noGrad = new NoGrad()) {
            drawing.forEach((name, initializer) -> {
                try (var scope = new Scope()) {
                    Tensor tensor = get(name).detach();
                    Tensor plain = tensor.contiguous(); // kernels that draw are slow in another layout
                    initializer.fill(plain, stream);
                    tensor.copy_(plain);
                }
            });
        }
    }

    /**
     * What {@code reading} gives, which asks for shapes alone: tensors that nobody has drawn are read as they are, zeros.
     */
    public <T> T undrawn(Supplier<T> reading) {
        var held = new IdentityHashMap<State, Map<String, Initializer>>();
        hold(held);
        try {
            return reading.get();
        } finally {
            held.forEach((state, initializers) -> state.undrawn.putAll(initializers));
        }
    }

    private void hold(Map<State, Map<String, Initializer>> held) {
        held.put(this, new LinkedHashMap<>(undrawn));
        undrawn.clear();
        children.values().forEach(child -> child.hold(held));
    }

    /**
     * For several threads that use one module: held for reading by those that compute with its weights, for writing by who
     * changes them for a while.
     */
    public ReadWriteLock use() {
        return use;
    }

    /** Another number after each change of a tensor in place: whoever keeps what was computed of them sees that it is old. */
    public long version() {
        long version = 0;
        for (Tensor tensor : parameters.values()) {
            version += tensor.version();
        }
        for (Tensor tensor : buffers.values()) {
            version += tensor.version();
        }
        for (State child : children.values()) {
            version += child.version();
        }
        return version;
    }

    /** Takes over values for all tensors by full name; none of them is drawn any more. */
    void load(Map<String, Tensor> values) {
        loaded();
        tensors().forEach((name, tensor) -> tensor.copy_(values.get(name)));
    }

    private void loaded() {
        undrawn.clear();
        children.values().forEach(State::loaded);
    }

    /** Gives the layer, and all children, the stream that its forward pass draws from: dropout, noise of a code. */
    public void random(Random stream) {
        random = stream;
        children.values().forEach(child -> child.random(stream));
    }

    /** The stream that the forward pass draws from; one that nobody can foretell where none was given. */
    public Random random() {
        if (random == null) {
            random(Random.fresh());
        }
        return random;
    }

    /** The parameter or buffer this state itself owns under {@code name}. */
    public Tensor get(String name) {
        drawUnforeseen();
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

    /**
     * Chooses, before training, parameters that do not learn: they require no gradient from now on. A module with
     * running statistics, such as a batch norm, whose parameters are all frozen stays in evaluation mode, so that its
     * statistics do not change either, as in Keras; dropout goes on.
     *
     * @param patterns of names of parameters, {@code layer1.*} where {@code *} stands for any letters, dots too, or of
     *     modules, {@code layer1}; none freezes nothing
     * @throws IllegalArgumentException that names the nearest parameter, if a pattern matches none; or if all match
     */
    public void freeze(List<String> patterns) {
        var freeze = new Freeze(List.copyOf(patterns));
        freeze.check(undrawn(this::parameters).keySet());
        freeze("", freeze);
    }

    private void freeze(String path, Freeze freeze) {
        parameters.forEach((name, tensor) -> {
            if (freeze.matches(path + name)) {
                frozen.add(name);
                tensor.requireGrad(false);
            }
        });
        boolean whole = parameters.isEmpty()
                ? !path.isEmpty() && freeze.matches(path.substring(0, path.length() - 1))
                : frozen.size() == parameters.size();
        still |= whole && !buffers.isEmpty();
        training &= !still;
        children.forEach((name, child) -> child.freeze(path + name + ".", freeze));
    }

    /**
     * Makes all parameters that this state itself owns buffers, before those it has: they are saved and no longer trained, and the
     * module stays in evaluation mode.
     */
    void fix() {
        var fixed = new LinkedHashMap<String, Tensor>(parameters);
        fixed.values().forEach(tensor -> tensor.requireGrad(false));
        fixed.putAll(buffers);
        parameters.clear();
        buffers.clear();
        buffers.putAll(fixed);
        still = true;
        training = false;
    }

    /** Has all modules with running statistics, such as batch norms, stay in evaluation mode; their parameters learn on. */
    public void keepStatistics() {
        still |= buffers.containsKey("running_mean");
        training &= !still;
        children.values().forEach(State::keepStatistics);
    }

    /**
     * Has running statistics take in so much of each new batch, for all children too: 1/i of the i-th makes them the mean over
     * all batches.
     *
     * @param share above 0 to 1, or 0 for that of each layer
     */
    public void newShare(double share) {
        newShare = share;
        children.values().forEach(child -> child.newShare(share));
    }

    /** The share of a new batch in running statistics; {@code own} where none was set. */
    public double newShareOr(double own) {
        return newShare > 0 ? newShare : own;
    }

    /** The parameters that learn, by full name: all that are not frozen. */
    public Map<String, Tensor> learning() {
        var learning = parameters();
        learning.keySet().removeAll(frozen("", new HashSet<>()));
        return learning;
    }

    private Set<String> frozen(String path, Set<String> into) {
        frozen.forEach(name -> into.add(path + name));
        children.forEach((name, child) -> child.frozen(path + name + ".", into));
        return into;
    }

    /** Switches between training (dropout on, norms by batch) and evaluation, for all children too. */
    public void train(boolean on) {
        training = on && !still;
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

    /** The number of trained elements. */
    public long parameterCount() {
        return undrawn(this::parameters).values().stream()
                .mapToLong(Tensor::elements)
                .sum();
    }

    /** The number of elements of parameters that do not learn. */
    public long frozenCount() {
        return parameterCount()
                - undrawn(this::learning).values().stream()
                        .mapToLong(Tensor::elements)
                        .sum();
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

    /** Somebody reads before anybody has drawn or loaded. */
    private void drawUnforeseen() {
        if (!undrawn.isEmpty()) {
            draw(Random.fresh());
        }
    }

    private void collect(String prefix, Map<String, Tensor> into, boolean withParameters, boolean withBuffers) {
        drawUnforeseen();
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
