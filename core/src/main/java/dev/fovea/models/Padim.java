package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Models each position of normal images by mean and covariance of a hundred random features; the score of a position is
 * its Mahalanobis distance (Defard et al. 2020, <a
 * href="https://arxiv.org/abs/2011.08785">2011.08785</a>). For images with the subject always at the same position.
 */
public final class Padim extends Net implements AnomalyNet {

    /** The registered ones. */
    static final List<ModelEntry> MODELS =
            List.of(ModelEntry.row("padim", new Config("resnet18"), "https://arxiv.org/abs/2011.08785")
                    .at(3, 224, 224)
                    .classes(1000));

    /** @param backbone network that gives the features */
    record Config(String backbone) implements NetConfig {

        @Override
        public Module create(Shape images, int classes) {
            return new Padim(
                    Models.create(backbone, images, classes), images.channels(), images.height(), images.width());
        }

        @Override
        public Class<?> network() {
            return AnomalyNet.class;
        }
    }

    private static final int NUMBERS = 100;

    /** Added to the covariance, as in the paper, so that it can be inverted. */
    private static final double RIDGE = 0.01;

    private final Module backbone;
    private final PatchFeatures features;
    private long seen;

    Padim(Module backbone, int channels, int height, int width) {
        this.backbone = add("backbone", backbone);
        features = new PatchFeatures(backbone, channels, height, width);
        int numbers = Math.min(NUMBERS, features.channels());
        long[] drawn = new SplittableRandom(0)
                .ints(0, features.channels())
                .distinct()
                .limit(numbers)
                .sorted()
                .asLongStream()
                .toArray();
        state().buffer("drawn", Tensor.of(drawn, numbers));
        state().buffer("mean", Tensor.zeros(features.places(), numbers));
        state().buffer("inverse", Tensor.zeros(features.places(), numbers, numbers));
    }

    @Override
    public Module backbone() {
        return backbone;
    }

    /** Until {@link #finishFit} the buffers hold sums. */
    @Override
    public void fit(Tensor images) {
        Tensor rows = rows(features.of(images));
        state().get("mean").add_(rows.sum(1), 1);
        state().get("inverse").add_(rows.transpose(1, 2).matmul(rows), 1);
        seen += images.size(0);
    }

    @Override
    public void finishFit() {
        if (seen < 2) {
            throw new IllegalArgumentException("padim: needs at least 2 normal images, got " + seen);
        }
        try (var noGrad = new NoGrad()) {
            Tensor mean = state().get("mean").mul(1.0 / seen);
            Tensor squares = state().get("inverse").mul(1.0 / (seen - 1));
            Tensor outer = mean.unsqueeze(2).mul(mean.unsqueeze(1)).mul(seen / (seen - 1.0));
            List<Tensor> eigen = squares.sub(outer).symmetricEigen();
            Tensor values = eigen.get(0).relu().add(RIDGE).unsqueeze(1); // (places, 1, numbers)
            Tensor vectors = eigen.get(1);
            state().get("inverse").copy_(vectors.div(values).matmul(vectors.transpose(1, 2)));
            state().get("mean").copy_(mean);
        }
    }

    @Override
    public Scores score(Tensor images) {
        Tensor maps = features.of(images);
        Tensor away = rows(maps).sub(state().get("mean").unsqueeze(1)); // (places, N, numbers)
        Tensor distances =
                away.matmul(state().get("inverse")).mul(away).sum(2).relu().sqrt(); // (places, N)
        return Scores.ofMaps(distances.transpose(0, 1).reshape(maps.size(0), maps.size(1), maps.size(2)));
    }

    /** [N, h, w, D] to [places, N, numbers]. */
    private Tensor rows(Tensor maps) {
        return maps.reshape(maps.size(0), features.places(), features.channels())
                .to(DType.FLOAT32)
                .indexSelect(2, state().get("drawn"))
                .transpose(0, 1);
    }
}
