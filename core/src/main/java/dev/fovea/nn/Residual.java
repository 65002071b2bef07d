package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;

/** {@code x + branch(x)}; the branch keeps the shape (He et al. 2015). */
public final class Residual extends Net implements Layer {

    /** In one expression and as text: {@code residual(conv 32 3 pad=same, relu)}. */
    static final LayerType TYPE = new LayerType(
            "residual",
            LayerArguments.branches(1),
            Maps.ANY,
            (spec, in, classes) -> new Residual(new Sequential(
                    Spec.chain(in, spec.branches().get(0), classes).layers())));

    private final Layer branch;

    public Residual(Layer branch) {
        this.branch = add("branch", branch);
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.add(branch.forward(x));
    }
}
