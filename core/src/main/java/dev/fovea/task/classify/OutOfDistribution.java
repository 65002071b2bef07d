package dev.fovea.task.classify;

import dev.fovea.engine.Tensor;
import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.metrics.Separation;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.run.SavedNet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What training images look like to the network: embeddings of some of them. An image whose embedding is far from all of these
 * is unlike them, and the network's answer about it is worth little (<a href="https://arxiv.org/abs/2204.06507">Sun et al.
 * 2022</a>).
 *
 * @param embeddings of training images
 * @param threshold distance above which an image is unlike them
 */
record OutOfDistribution(List<float[]> embeddings, NeighbourDistances known, double threshold) {

    /** The name of the threshold in a package. */
    static final String UNLIKE = "unlike";

    /** The share of held-out images that are not taken for unlike ones. */
    static final double ACCEPTED = 0.95;

    /** Training images that are kept: fewer where embeddings are long. */
    private static final int MOST = 2000;

    private static final int MOST_VALUES = 1 << 20;
    private static final String EMBEDDINGS = "embeddings";

    /** How many embeddings of this length are kept. */
    static int count(int length) {
        return Math.max(1, Math.min(MOST, MOST_VALUES / Math.max(1, length)));
    }

    /** @param held embeddings of images that the network was not trained on */
    static OutOfDistribution fit(List<float[]> embeddings, List<float[]> held) {
        var known = new NeighbourDistances(embeddings);
        return new OutOfDistribution(embeddings, known, Separation.threshold(known.distances(held, 1), ACCEPTED));
    }

    /** That of a saved model, if it has one. */
    static Optional<OutOfDistribution> of(ModelPackage model) {
        Tensor kept = model.held().get(EMBEDDINGS);
        Double threshold = model.config().calibration().get(UNLIKE);
        if (kept == null || threshold == null) {
            return Optional.empty();
        }
        if (kept.dims() != 2 || kept.size(0) < 1 || kept.size(1) < 1) {
            throw new IllegalArgumentException("%s: '%s' must be rows of numbers, got the shape %s. The model is broken"
                    .formatted(ModelPackage.CALIBRATION, EMBEDDINGS, Arrays.toString(kept.shape())));
        }
        List<float[]> rows = Calibration.rows(kept);
        return Optional.of(new OutOfDistribution(rows, new NeighbourDistances(rows), threshold));
    }

    void into(Map<String, Double> numbers, Map<String, Tensor> kept) {
        numbers.put(UNLIKE, threshold);
        kept.put(EMBEDDINGS, Calibration.matrix(embeddings));
    }

    /** What the network makes of images: their mean last feature maps, or the logits of a network without maps. */
    static Function<Tensor, Tensor> embedding(SavedNet network) {
        return network.net() instanceof FeatureMaps maps && maps.hasMaps() ? maps::embedding : network.layer()::forward;
    }

    /** How far each is from the training images, 0 to 2. */
    float[] distances(List<float[]> rows) {
        int length = embeddings.get(0).length;
        if (!rows.isEmpty() && rows.get(0).length != length) {
            throw new IllegalArgumentException(
                    "%s: '%s' has rows of %s numbers, the network gives %s. The model is broken"
                            .formatted(ModelPackage.CALIBRATION, EMBEDDINGS, length, rows.get(0).length));
        }
        return known.distances(rows, 1);
    }
}
