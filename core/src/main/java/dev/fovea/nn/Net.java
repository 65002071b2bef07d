package dev.fovea.nn;

import dev.fovea.engine.Recorder;
import dev.fovea.engine.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A module made of named children; the names are the keys of its state, and equal torchvision's. One that is a function
 * of one tensor says so: {@code extends Net implements Layer}.
 */
public abstract class Net implements Module {

    private final State state = new State();
    private final Map<String, Module> children = new LinkedHashMap<>();

    /** Registers {@code child} under {@code name} and returns it, so that fields can be final. */
    protected final <M extends Module> M add(String name, M child) {
        state.add(name, child.state());
        children.put(name, child);
        return child;
    }

    /** What {@code pass} gives; a recorder that is open sees that it happens in this module, as in a layer's forward. */
    protected final Tensor within(Supplier<Tensor> pass) {
        return Recorder.within(this, pass);
    }

    /** The direct children by name, in the order of registration. */
    public final Map<String, Module> children() {
        return Collections.unmodifiableMap(children);
    }

    @Override
    public final State state() {
        return state;
    }
}
