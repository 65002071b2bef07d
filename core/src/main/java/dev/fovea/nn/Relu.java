package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** Negative values set to 0, any shape. */
public final class Relu extends Leaf {

    public Relu() {
        super("relu");
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.relu();
    }
}
