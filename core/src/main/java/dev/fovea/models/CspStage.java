package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * A cross-stage partial stage, [N, in, H, W] to [N, out, H, W]: half of the channels go through {@code depth} units one after
 * another, and all that comes out of them and both halves are joined.
 */
final class CspStage extends Net implements Layer {

    private final Layer before;
    private final List<Layer> units = new ArrayList<>();
    private final boolean carried;
    private final Layer after;
    private final int half;

    /** @param carried whether each unit adds to what it is given */
    CspStage(int in, int out, int depth, boolean carried) {
        this.carried = carried;
        half = out / 2;
        before = add("before", FoveaDet.conv(1).layer(in, 2 * half));
        for (int i = 0; i < depth; i++) {
            units.add(add(
                    "unit" + i,
                    new Sequential(List.of(
                            FoveaDet.conv(3).layer(half, half), FoveaDet.conv(3).layer(half, half)))));
        }
        after = add("after", FoveaDet.conv(1).layer((2 + depth) * half, out));
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor both = before.forward(x);
        var parts = new ArrayList<Tensor>(List.of(both));
        Tensor y = both.narrow(1, half, half);
        for (Layer unit : units) {
            Tensor found = unit.forward(y);
            y = carried ? y.add(found) : found;
            parts.add(y);
        }
        return after.forward(Tensor.cat(parts, 1));
    }
}
