package dev.fovea.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A layer made of named children; the names are the keys of its state, and equal torchvision's. */
public abstract class Net implements Layer {

    private final State state = new State();
    private final Map<String, Layer> children = new LinkedHashMap<>();

    /** Registers {@code child} under {@code name} and returns it, so that fields can be final. */
    protected final <L extends Layer> L add(String name, L child) {
        state.add(name, child.state());
        children.put(name, child);
        return child;
    }

    /** The direct children by name, in the order of registration. */
    public final Map<String, Layer> children() {
        return Collections.unmodifiableMap(children);
    }

    @Override
    public final State state() {
        return state;
    }
}
