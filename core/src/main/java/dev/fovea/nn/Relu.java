package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** Negative values set to 0, any shape. */
public final class Relu extends Leaf {

    public Relu() {
        super("relu");
    }

    @Override
    protected Tensor apply(Tensor x) {
        return x.relu();
    }
}
