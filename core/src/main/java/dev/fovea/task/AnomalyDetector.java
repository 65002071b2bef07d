package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.data.Geometry;
import dev.fovea.data.Splits;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.metrics.RocAuc;
import dev.fovea.metrics.Similarity;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Finds anomalies in images. It was trained on normal ones alone: either as an autoencoder, which reconstructs
 * anomalous ones badly, or as a model of the features of normal ones in a trained network.
 *
 * <pre>{@code
 * var detector = AnomalyDetector.load(Path.of("runs/good-parts-1"), AnomalyDetector.Score.SSIM);
 * double limit = detector.threshold(Folder.of(Path.of("more-good-parts")), 0.99);
 * boolean anomalous = detector.score(Image.read(Path.of("part.png"))) > limit;
 * }</pre>
 */
public final class AnomalyDetector {

    /** The share of normal images below the threshold by default. */
    public static final double SHARE = 0.99;

    private static final double OPACITY = 0.65;

    /** How an image and its reconstruction are compared. */
    public enum Score {
        /** Mean squared difference. */
        L2("thresholdL2") {
            @Override
            AnomalyScorer scorer(Network network) {
                return new AnomalyScorer.SquaredError(network);
            }
        },
        /** One minus structural similarity: less sensitive to brightness, more to structure. */
        SSIM("thresholdSsim") {
            @Override
            AnomalyScorer scorer(Network network) {
                return new AnomalyScorer.StructuralSimilarity(network);
            }
        };

        private final String threshold;

        Score(String threshold) {
            this.threshold = threshold;
        }

        abstract AnomalyScorer scorer(Network network);

        /** Whether images of this size have such a score. */
        boolean fits(Image seen) {
            return this == L2 || Math.min(seen.width(), seen.height()) >= Similarity.WINDOW;
        }

        /** The name of its threshold among the metrics of an autoencoder. */
        String threshold() {
            return threshold;
        }
    }

    private final AnomalyScorer scorer;
    private final double threshold;

    private AnomalyDetector(AnomalyScorer scorer, double threshold) {
        this.scorer = scorer;
        this.threshold = threshold;
    }

    /** Over a trained autoencoder. */
    public static AnomalyDetector of(Autoencoder autoencoder, Score score) {
        Network network = autoencoder.network();
        return new AnomalyDetector(score.scorer(network), recorded(network, score.threshold()));
    }

    /** Of a network that was fitted to normal images. */
    static AnomalyDetector of(Network network) {
        return new AnomalyDetector(new AnomalyScorer.FeatureScorer(network), recorded(network, "threshold"));
    }

    private static double recorded(Network network, String name) {
        return network.model().config().metrics().getOrDefault(name, Double.NaN);
    }

    /**
     * Fits a network to the features of normal images.
     *
     * @param model {@code patchcore} or {@code padim}
     * @param recipe with the classifier as {@code task.backbone}
     */
    public static AnomalyDetector train(String model, Splits normal, Recipe recipe) {
        var learner = new AnomalyLearner();
        TrainingRun.inTemporaryFolder(recipe.withModel(model), normal, learner);
        return learner.detector();
    }

    /** Loads the model of a run, or a model package, onto the best device there is. */
    public static AnomalyDetector load(Path path, Score score) {
        return load(path, score, "auto");
    }

    /**
     * Loads the model of a run, or a model package.
     *
     * @param score for an autoencoder; other models have one of their own
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static AnomalyDetector load(Path path, Score score, String device) {
        return SavedModel.task(path).equals("anomaly")
                ? of(Network.load(path, device, List.of("anomaly")))
                : of(Autoencoder.load(path, device), score);
    }

    /** The score above which an image is anomalous, if it was chosen in training. */
    public OptionalDouble threshold() {
        return Double.isNaN(threshold) ? OptionalDouble.empty() : OptionalDouble.of(threshold);
    }

    /** The same detector with another threshold. */
    public AnomalyDetector withThreshold(double value) {
        return new AnomalyDetector(scorer, value);
    }

    /**
     * The anomaly score of an image, from 0 for normal.
     *
     * @throws IllegalArgumentException if the score is not a finite number
     */
    public double score(Image image) {
        return scores(scorer.seen(image)).imageScore();
    }

    private synchronized AnomalyScorer.Scores scores(Image seen) {
        AnomalyScorer.Scores found = scorer.score(seen);
        if (!Double.isFinite(found.imageScore())) {
            throw new IllegalArgumentException(
                    "anomaly: the score of an image is %s, so the model is broken. Train it again, at a lower rate"
                            .formatted(found.imageScore()));
        }
        return found;
    }

    /**
     * The image with its anomaly map over the part that the network takes: what its resizing cuts off stays as it is.
     * Where the threshold is known, the colour is half-way at the threshold and full at twice of it; where it is not,
     * the highest score has the full colour.
     */
    public BufferedImage heatMap(Image image) {
        AnomalyScorer.Scores found = scores(scorer.seen(image));
        float[][] heat = HeatMap.relative(found.anomalyMap());
        for (float[] row : heat) {
            for (int x = 0; x < row.length; x++) {
                row[x] *= hottest(found.imageScore());
            }
        }
        Geometry shown = scorer.preprocess().geometry(image.size());
        return HeatMap.over(Explanation.large(image), heat, shown, OPACITY);
    }

    private float hottest(double whole) {
        return Double.isNaN(threshold) || whole >= 2 * threshold ? 1 : (float) (whole / (2 * threshold));
    }

    /**
     * The score that a share of normal images stays below.
     *
     * @param share such as 0.99, above 0 to 1: a false positive rate of one in a hundred
     */
    public double threshold(Dataset normal, double share) {
        checkShare(share);
        double[] scores = IntStream.range(0, normal.size())
                .mapToDouble(i -> score(normal.image(i)))
                .sorted()
                .toArray();
        if (scores.length == 0) {
            throw new IllegalArgumentException("anomaly: no normal images to choose a threshold by");
        }
        return scores[Math.min(scores.length - 1, (int) Math.ceil(share * scores.length) - 1)];
    }

    /** @throws IllegalArgumentException if it is no share */
    public static void checkShare(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "anomaly: the share of normal images to be called normal must be above 0 to 1, got " + share);
        }
    }

    /**
     * The detection performance: {@code auroc}, the probability that an anomalous image scores higher than a normal
     * one.
     *
     * @param normal the class of the normal images; all others are anomalous
     * @throws IllegalArgumentException if the data has no such class
     */
    public Map<String, Double> evaluate(Dataset data, String normal) {
        int normalLabel = Classes.inData(data, normal);
        float[] scores = new float[data.size()];
        boolean[] anomalous = new boolean[data.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) score(data.image(i));
            anomalous[i] = data.label(i) != normalLabel;
        }
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("auroc", RocAuc.area(scores, anomalous));
        return metrics;
    }

    /**
     * The same, and {@code pixelAuroc}, over pixels.
     *
     * @param masks folder with {@code <class>/<name>_mask.png} or {@code <class>/<name>.png} for anomalous images, of
     * their
     *     size and white where they are anomalous, as in MVTec AD; an image without one has no anomalous pixel
     * @throws IllegalArgumentException if there is none for any image, or one of another size
     */
    public Map<String, Double> evaluate(Dataset data, String normal, Path masks) {
        var metrics = new LinkedHashMap<>(evaluate(data, normal));
        metrics.put("pixelAuroc", new PixelAuroc(scorer, masks).auroc(data));
        return metrics;
    }
}
