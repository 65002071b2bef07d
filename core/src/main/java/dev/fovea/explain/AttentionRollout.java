package dev.fovea.explain;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.GlobalAttention;
import dev.fovea.nn.Layer;
import java.util.ArrayList;

/**
 * Attention rollout (Abnar and Zuidema 2020, <a href="https://arxiv.org/abs/2005.00928">2005.00928</a>): the product of the
 * attention of all blocks, each the mean of its heads and, for what goes round it, half the identity. The same for every class.
 */
public final class AttentionRollout implements AttentionExplainer {

    @Override
    public String word() {
        return "attention-rollout";
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        check(net);
        var transformer = (GlobalAttention) net;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var all = new ArrayList<Tensor>();
            GlobalAttention.Pass pass = transformer.forward(input, weights -> {
                all.add(weights.mean(1).squeeze(0)); // (L, L)
                return weights;
            });
            Tensor identity = AttentionExplainer.identity(all.get(0).size(0), all.get(0));
            Tensor rolled = identity;
            for (Tensor attention : all) {
                rolled = attention.add(identity).mul(0.5).matmul(rolled);
            }
            return AttentionExplainer.map(transformer, pass.readout(), rolled);
        }
    }
}
