package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.metrics.Similarity;
import dev.fovea.models.AnomalyNet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Anomaly scores of images by a trained network. */
public interface AnomalyScorer {

    /** The share of normal images below the threshold by default. */
    double SHARE = 0.99;

    /** The preprocessing of the network. */
    Preprocess preprocess();

    /** The scores of an image in the network's size. */
    Scores score(Image seen);

    /** The image in the network's size. */
    default Image seen(Image image) {
        return preprocess().apply(image);
    }

    /**
     * The score that a share of normal images stays below.
     *
     * @param share such as 0.99, above 0 to 1: one normal image in a hundred is then called anomalous
     * @throws IllegalArgumentException if there is no image, or {@code share} is no such share
     */
    default double threshold(Dataset normal, double share) {
        checkShare(share);
        double[] scores = IntStream.range(0, normal.size())
                .mapToDouble(i -> finite(score(seen(normal.image(i)))).imageScore())
                .sorted()
                .toArray();
        if (scores.length == 0) {
            throw new IllegalArgumentException("anomaly: no normal images to choose a threshold by");
        }
        return scores[Math.min(scores.length - 1, (int) Math.ceil(share * scores.length) - 1)];
    }

    /** @throws IllegalArgumentException if it is no share of normal images that a threshold can be chosen by */
    static void checkShare(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "anomaly: the share of normal images to be called normal must be above 0 to 1, got " + share);
        }
    }

    /** @throws IllegalArgumentException if the network's answer is not a number, so that nothing can be said */
    static Scores finite(Scores scores) {
        if (!Double.isFinite(scores.imageScore())) {
            throw new IllegalArgumentException(
                    "anomaly: the score of an image is %s, so the model is broken. Train it again, at a lower rate"
                            .formatted(scores.imageScore()));
        }
        return scores;
    }

    /**
     * Anomaly scores of an image, from 0 for normal.
     *
     * @param imageScore the score of the image
     * @param anomalyMap the score of each position, [rows][columns]
     */
    record Scores(double imageScore, float[][] anomalyMap) {

        public static Scores of(double whole, float[] places, int width) {
            float[][] rows = new float[places.length / width][];
            for (int y = 0; y < rows.length; y++) {
                rows[y] = Arrays.copyOfRange(places, y * width, (y + 1) * width);
            }
            return new Scores(whole, rows);
        }
    }

    /** Mean squared error between an image and its reconstruction. */
    record SquaredError(SavedNet network) implements AnomalyScorer {
        @Override
        public Preprocess preprocess() {
            return network.preprocess();
        }

        @Override
        public Scores score(Image seen) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor input = network.input(List.of(seen));
                Tensor off = network.layer().forward(input).clamp(0, 1).sub(input);
                Tensor places = off.mul(off).mean(1); // (1, H, W)
                return Scores.of(places.mean().item(), places.contiguous().toFloats(), seen.width());
            }
        }
    }

    /** One minus structural similarity of both, in an 11x11 window around each pixel. */
    record StructuralSimilarity(SavedNet network) implements AnomalyScorer {
        @Override
        public Preprocess preprocess() {
            return network.preprocess();
        }

        @Override
        public Scores score(Image seen) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor input = network.input(List.of(seen));
                Tensor made = network.layer().forward(input).clamp(0, 1);
                Tensor inner = Similarity.places(input, made).neg().add(1).relu(); // (1, H - 10, W - 10)
                double whole = 1 - Similarity.ssim(input, made).item();
                return new Scores(Math.max(0, whole), framed(inner, seen));
            }
        }

        /** Pixels whose window does not fit into the image have the score of the nearest whose does. */
        private static float[][] framed(Tensor inner, Image seen) {
            int rows = (int) inner.size(1);
            int columns = (int) inner.size(2);
            float[] flat = inner.contiguous().toFloats();
            float[][] places = new float[seen.height()][seen.width()];
            for (int y = 0; y < seen.height(); y++) {
                int row = Math.max(0, Math.min(rows - 1, y - (seen.height() - rows) / 2));
                for (int x = 0; x < seen.width(); x++) {
                    int column = Math.max(0, Math.min(columns - 1, x - (seen.width() - columns) / 2));
                    places[y][x] = flat[row * columns + column];
                }
            }
            return places;
        }
    }

    /** The scores of a network that was fitted to the features of normal images. */
    record FeatureScorer(SavedNet network) implements AnomalyScorer {
        @Override
        public Preprocess preprocess() {
            return network.preprocess();
        }

        @Override
        public Scores score(Image seen) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                AnomalyNet.Scores found = ((AnomalyNet) network.net()).score(network.normalized(seen));
                Tensor places = found.anomalyMap();
                return Scores.of(found.imageScore().item(), places.contiguous().toFloats(), (int) places.size(2));
            }
        }
    }
}
