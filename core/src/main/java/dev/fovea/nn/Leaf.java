package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.function.UnaryOperator;

/** A layer without children, a line of a {@link Summary}. */
public abstract class Leaf implements Layer {

    private final State state = new State();
    private final String kind;

    /** @param kind the layer's word in a summary, such as {@code conv} */
    protected Leaf(String kind) {
        this.kind = kind;
    }

    /**
     * A layer without weights.
     *
     * @param kind its word in a summary
     */
    public static Leaf of(String kind, UnaryOperator<Tensor> function) {
        return new Leaf(kind) {
            @Override
            public Tensor apply(Tensor x) {
                return function.apply(x);
            }
        };
    }

    @Override
    public final State state() {
        return state;
    }

    final String kind() {
        return kind;
    }
}
