package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** {@code x + branch(x)}; the branch keeps the shape (He et al. 2015). */
public final class Residual extends Net implements Layer {

    private final Layer branch;

    public Residual(Layer branch) {
        this.branch = add("branch", branch);
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.add(branch.forward(x));
    }
}
