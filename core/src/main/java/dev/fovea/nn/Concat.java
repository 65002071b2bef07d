package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.List;

/** The outputs of several branches joined along the channels: {@code [N, C1 + C2 + ..., H, W]}. */
public final class Concat extends Net implements Layer {

    private final List<Layer> branches;

    public Concat(List<? extends Layer> branches) {
        this.branches = List.copyOf(branches);
        for (int i = 0; i < branches.size(); i++) {
            add(Integer.toString(i), branches.get(i));
        }
    }

    @Override
    public Tensor apply(Tensor x) {
        return Tensor.cat(branches.stream().map(branch -> branch.forward(x)).toList(), 1);
    }
}
