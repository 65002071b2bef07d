package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.function.UnaryOperator;

/** A layer without children; {@link Summary} sees what goes in and comes out. */
public abstract class Leaf implements Layer {

    private static final ThreadLocal<Trace> TRACE = new ThreadLocal<>();

    private final State state = new State();
    private final String kind;

    /** What watches the leaves of a forward pass on this thread. */
    @FunctionalInterface
    interface Trace {
        void passed(Leaf leaf, Tensor in, Tensor out);
    }

    /** @param kind the layer's word in a summary, such as {@code conv} */
    protected Leaf(String kind) {
        this.kind = kind;
    }

    /** A layer without weights. */
    static Leaf of(String kind, UnaryOperator<Tensor> function) {
        return new Leaf(kind) {
            @Override
            protected Tensor apply(Tensor x) {
                return function.apply(x);
            }
        };
    }

    /** The layer's function. */
    protected abstract Tensor apply(Tensor x);

    /** Multiply-adds for one pass; only convolutions and matrix products count, as in torchvision's tables. */
    protected long macs(Tensor in, Tensor out) {
        return 0;
    }

    @Override
    public final Tensor forward(Tensor x) {
        Tensor y = apply(x);
        Trace trace = TRACE.get();
        if (trace != null) {
            trace.passed(this, x, y);
        }
        return y;
    }

    @Override
    public final State state() {
        return state;
    }

    final String kind() {
        return kind;
    }

    static void traced(Trace trace, Runnable pass) {
        TRACE.set(trace);
        try {
            pass.run();
        } finally {
            TRACE.remove();
        }
    }
}
