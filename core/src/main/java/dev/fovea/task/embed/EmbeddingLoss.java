package dev.fovea.task.embed;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.models.EmbeddingNet;
import dev.fovea.task.embed.Embedding.Loss;
import java.util.List;
import java.util.Map;

/** How far embeddings are from telling identities apart, each by its own formula. */
record EmbeddingLoss(Embedding settings) {

    /** Keeps the root of what is left of 1 away from 0, where it has no gradient. */
    private static final double NEARLY = 1 - 1e-6;

    private static final double TINY = 1e-12;

    /** More anchors than a batch has. */
    private static final double MOST = 1e9;

    /** More than any distance of vectors of length 1. */
    private static final double FAR = 10;

    /**
     * A loss and what is worth watching beside it.
     *
     * @param loss a scalar
     * @param metrics scalars: {@code accuracy} over the centres, or {@code hardTriplets}, the share that is not solved yet
     */
    record Outcome(Tensor loss, Map<String, Tensor> metrics) {}

    /**
     * By centres.
     *
     * @param embeddings [N, D], length 1
     * @param centres [K, D], any length
     * @param labels [N], int64
     */
    Outcome ofCentres(Tensor embeddings, Tensor centres, Tensor labels) {
        try (var exact = Autocast.off(embeddings.device())) {
            Tensor cosines = embeddings.matmul(EmbeddingNet.unit(centres).transpose(0, 1)); // [N, K]
            Tensor own = cosines.gather(1, labels.unsqueeze(1)); // [N, 1]
            Tensor classes = Tensor.arange(centres.size(0)).to(embeddings.device());
            Tensor ofOwn =
                    classes.unsqueeze(0).eq(labels.unsqueeze(1)).to(DType.FLOAT32); // [N, K], 1 at the own centre
            Tensor logits = cosines.add(ofOwn.mul(withMargin(own).sub(own))).mul(settings.scale());
            Tensor hits = cosines.detach().argmax(1).eq(labels).to(DType.FLOAT32);
            return new Outcome(logits.crossEntropy(labels, List.of(), 0), Map.of("accuracy", hits.mean()));
        }
    }

    private Tensor withMargin(Tensor cosine) {
        return settings.loss() == Loss.ARCFACE ? arc(cosine) : cosine.sub(settings.margin());
    }

    /** The cosine of the angle and the margin; beyond a half turn, where it would rise again, a line that goes on falling. */
    private Tensor arc(Tensor cosine) {
        double margin = settings.margin();
        Tensor inside = cosine.clamp(-NEARLY, NEARLY);
        Tensor sine = inside.mul(inside).neg().add(1).sqrt();
        Tensor turned = inside.mul(Math.cos(margin)).sub(sine.mul(Math.sin(margin)));
        return Tensor.where(cosine.detach().ge(-Math.cos(margin)), turned, cosine.sub(margin * Math.sin(margin)));
    }

    /**
     * By the hardest triplets of a batch. An image without another of its identity, or of others, is no anchor.
     *
     * @param embeddings [N, D], length 1
     * @param labels [N], int64
     */
    Outcome ofTriplets(Tensor embeddings, Tensor labels) {
        try (var exact = Autocast.off(embeddings.device())) {
            Tensor cosines = embeddings.matmul(embeddings.transpose(0, 1)); // [N, N]
            Tensor distances = cosines.mul(-2).add(2).clamp(TINY, 4).sqrt();
            Tensor same = labels.unsqueeze(0).eq(labels.unsqueeze(1)).to(DType.FLOAT32);
            Tensor different = same.neg().add(1);
            Tensor farthest = distances.mul(same).max(1); // [N]
            Tensor nearest = distances.add(same.mul(FAR)).neg().max(1).neg();
            Tensor anchors = same.sum(1)
                    .ge(2)
                    .to(DType.FLOAT32)
                    .mul(different.sum(1).ge(1).to(DType.FLOAT32));
            Tensor each = farthest.sub(nearest).add(settings.margin()).relu().mul(anchors);
            Tensor count = anchors.sum().clamp(1, MOST);
            Tensor hard = each.detach().ge(TINY).to(DType.FLOAT32).sum().div(count);
            return new Outcome(each.sum().div(count), Map.of("hardTriplets", hard));
        }
    }
}
