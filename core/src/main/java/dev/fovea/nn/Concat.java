package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerType.Maps;
import java.util.ArrayList;
import java.util.List;

/** The outputs of several branches joined along the channels: {@code [N, C1 + C2 + ..., H, W]}. */
public final class Concat extends Net implements Layer {

    /** In one expression and as text: {@code concat(conv 8 1 | conv 8 3 pad=1)}. */
    static final LayerType TYPE =
            new LayerType("concat", LayerArguments.branches(Integer.MAX_VALUE), Maps.ANY, Concat::built);

    private static Concat built(Spec spec, Shape in, int classes) {
        var branches = new ArrayList<Layer>();
        long values = 0;
        for (List<Spec> branch : spec.branches()) {
            Spec.Chain chain = Spec.chain(in, branch, classes);
            values = Sizes.product(values + chain.made().elements()); // what all make lies in memory together
            branches.add(new Sequential(chain.layers()));
        }
        return new Concat(branches);
    }

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
