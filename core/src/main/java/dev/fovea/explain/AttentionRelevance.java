package dev.fovea.explain;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.GlobalAttention;
import dev.fovea.nn.Layer;
import java.util.ArrayList;

/**
 * Gradient-weighted attention (Chefer et al. 2021, <a href="https://arxiv.org/abs/2103.15679">2103.15679</a>, equations 5 and
 * 6): the attention of each block times the gradient of the class's logit with respect to it, negative values cut off, the
 * mean of its heads; relevance is passed on from block to block.
 */
public final class AttentionRelevance implements AttentionExplainer {

    @Override
    public String word() {
        return "attention-relevance";
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        check(net);
        var transformer = (GlobalAttention) net;
        try (var scope = new Scope()) {
            var all = new ArrayList<Tensor>();
            var added = new ArrayList<Tensor>();
            GlobalAttention.Pass pass = transformer.forward(input, weights -> {
                Tensor zeros = weights.detach().mul(0).requireGrad(true); // their gradient is that of the weights
                all.add(weights.detach());
                added.add(zeros);
                return weights.add(zeros);
            });
            pass.logits().select(0, 0).select(0, label).backward();
            net.state().parameters().values().forEach(Tensor::clearGrad);
            Tensor relevance = AttentionExplainer.identity(all.get(0).size(2), all.get(0));
            for (int i = 0; i < all.size(); i++) {
                Tensor weighted =
                        all.get(i).mul(added.get(i).grad()).relu().mean(1).squeeze(0); // (L, L)
                relevance = relevance.add(weighted.matmul(relevance));
            }
            return AttentionExplainer.map(transformer, pass.readout(), relevance);
        }
    }
}
