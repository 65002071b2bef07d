package dev.fovea.task.embed;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.util.List;

/** How unlike the embeddings of two views of the same images are, [N, D] each. */
record TwoViewLoss(SelfSupervised settings) {

    /** Of the dimensions that are alike and should not be, as the paper has it. */
    private static final double REDUNDANT = 5e-3;

    /** Of the whole loss by redundancy, which is a sum over all dimensions. */
    private static final double SCALE = 0.025;

    private static final double TINY = 1e-12;

    /** Takes the similarity of an embedding with itself out of a softmax. */
    private static final double OUT = -1e9;

    /** A scalar. */
    Tensor of(Tensor a, Tensor b) {
        try (var exact = Autocast.off(a.device())) { // a product of float32 would be of bfloat16 again
            return switch (settings.method()) {
                case CONTRASTIVE -> contrastive(a, b);
                case REDUNDANCY -> redundancy(a, b);
            };
        }
    }

    /** Which of the 2N - 1 other views is that of the same image: the cross-entropy of cosine similarities. */
    private Tensor contrastive(Tensor a, Tensor b) {
        long n = a.size(0);
        Tensor all = Tensor.cat(List.of(normalized(a), normalized(b)), 0); // [2N, D]
        Tensor similarities = all.matmul(all.transpose(0, 1)).div(settings.temperature()); // [2N, 2N]
        Tensor others = similarities.add(identity(2 * n, a).mul(OUT));
        long[] partner = new long[(int) (2 * n)];
        for (int i = 0; i < partner.length; i++) {
            partner[i] = (i + n) % (2 * n);
        }
        return others.crossEntropy(Tensor.of(partner, partner.length).to(a.device()), List.of(), 0);
    }

    static Tensor normalized(Tensor rows) {
        return rows.div(rows.mul(rows).sum(1).add(TINY).sqrt().unsqueeze(1));
    }

    /** The cross-correlation of dimensions is to be 1 with itself and 0 with others. */
    private static Tensor redundancy(Tensor a, Tensor b) {
        Tensor correlation =
                standardized(a).transpose(0, 1).matmul(standardized(b)).div(a.size(0)); // [D, D]
        Tensor identity = identity(correlation.size(0), a);
        Tensor away = correlation.sub(identity);
        Tensor squares = away.mul(away);
        Tensor weights = identity.mul(1 - REDUNDANT).add(REDUNDANT);
        return squares.mul(weights).sum().mul(SCALE);
    }

    /** Each dimension with mean 0 and deviation 1 over the batch. */
    private static Tensor standardized(Tensor rows) {
        Tensor centred = rows.sub(rows.mean(0).unsqueeze(0));
        Tensor deviation = centred.mul(centred).mean(0).add(TINY).sqrt();
        return centred.div(deviation.unsqueeze(0));
    }

    private static Tensor identity(long size, Tensor like) {
        Tensor indices = Tensor.arange(size).to(like.device());
        return indices.unsqueeze(1).sub(indices.unsqueeze(0)).eq(0).to(DType.FLOAT32);
    }
}
