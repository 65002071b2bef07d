package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import java.util.List;

/** {@code x + branch(x)}, or the branch alone where it changes the shape; [N, C, H, W] to [N, C', H', W']. */
final class SkipBlock extends Net implements Layer {

    private final Layer branch;
    private final boolean skips;
    private final Layer dropPath;

    /**
     * Of a branch with one name.
     *
     * @param skips whether the input is added
     * @param dropped the share of images for which the branch is left out while training (stochastic depth)
     */
    SkipBlock(String name, List<Layer> branch, boolean skips, double dropped) {
        this.branch = add(name, new Sequential(branch));
        this.skips = skips;
        dropPath = add("droppath", new Dropout(Dropout.Unit.SAMPLE, dropped));
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor y = branch.forward(x);
        return skips ? x.add(dropPath.forward(y)) : y;
    }
}
