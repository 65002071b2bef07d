package dev.fovea.task.anomaly;

import dev.fovea.data.Dataset;
import dev.fovea.data.Geometry;
import dev.fovea.data.Splits;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.metrics.RocAuc;
import dev.fovea.models.AnomalyNet;
import dev.fovea.models.AutoencoderNet;
import dev.fovea.run.AnomalyScorer;
import dev.fovea.run.Classes;
import dev.fovea.run.ReconstructionScore;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Finds anomalies in images. It was trained on normal ones alone: either as an autoencoder, which reconstructs
 * anomalous ones badly, or as a model of the features of normal ones in a trained network.
 *
 * <pre>{@code
 * var detector = AnomalyDetector.load(Path.of("runs/parts-1"));
 * double limit = detector.threshold(Folder.of(Path.of("more-good-parts")), 0.99);
 * boolean anomalous = detector.score(Image.read(Path.of("part.png"))) > limit;
 * }</pre>
 */
public final class AnomalyDetector {

    /** The share of normal images below the threshold by default. */
    public static final double SHARE = AnomalyScorer.SHARE;

    private static final double OPACITY = 0.65;

    /** Of a network that has one score of its own. */
    static final String THRESHOLD = "anomaly";

    private final AnomalyScorer scorer;
    private final double threshold;

    private AnomalyDetector(AnomalyScorer scorer, double threshold) {
        this.scorer = scorer;
        this.threshold = threshold;
    }

    /** Over a trained autoencoder. */
    public static AnomalyDetector of(SavedNet autoencoder, ReconstructionScore score) {
        return new AnomalyDetector(score.scorer(autoencoder), recorded(autoencoder, score.word()));
    }

    /** Of a network that was fitted to normal images. */
    public static AnomalyDetector of(SavedNet network) {
        return new AnomalyDetector(new AnomalyScorer.FeatureScorer(network), recorded(network, THRESHOLD));
    }

    private static double recorded(SavedNet network, String name) {
        return network.config().thresholds().getOrDefault(name, Double.NaN);
    }

    /**
     * Fits a network to the features of normal images.
     *
     * @param model {@code patchcore} or {@code padim}
     * @param recipe with the classifier as {@code task.backbone}
     */
    public static AnomalyDetector train(String model, Splits normal, Recipe recipe) {
        return of(TrainingRun.inTemporaryFolder(AnomalyType.TYPE, recipe.withModel(model), normal)
                .net());
    }

    /** Loads the model of a run, or a model package, onto the best device there is. */
    public static AnomalyDetector load(Path path) {
        return load(path, Optional.empty(), "auto");
    }

    /**
     * Loads the model of a run, or a model package: an anomaly model, or an autoencoder whose reconstructions are
     * compared
     * with the images.
     *
     * @param score for an autoencoder, by default {@link ReconstructionScore#L2}; anomaly models have one of their own
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task, or has its own score
     */
    public static AnomalyDetector load(Path path, Optional<ReconstructionScore> score, String device) {
        SavedNet network = SavedNet.load(path, device);
        if (network.net() instanceof AnomalyNet) {
            if (score.isPresent()) {
                throw new IllegalArgumentException(
                        "score: is for autoencoders, %s has a score of its own. Leave it out".formatted(path));
            }
            return of(network);
        }
        if (!(network.net() instanceof AutoencoderNet)) {
            throw new IllegalArgumentException("%s: a model for %s, expected an anomaly model or an autoencoder"
                    .formatted(path, network.config().task().type()));
        }
        return of(network, score.orElse(ReconstructionScore.L2));
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
        return AnomalyScorer.finite(scorer.score(seen));
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
        return HeatMap.over(HeatMap.enlarged(image), heat, shown, OPACITY);
    }

    private float hottest(double whole) {
        return Double.isNaN(threshold) || whole >= 2 * threshold ? 1 : (float) (whole / (2 * threshold));
    }

    /**
     * The score that a share of normal images stays below.
     *
     * @param share such as 0.99, above 0 to 1: a false positive rate of one in a hundred
     */
    public synchronized double threshold(Dataset normal, double share) {
        return scorer.threshold(normal, share);
    }

    /** @throws IllegalArgumentException if it is no share */
    public static void checkShare(double share) {
        AnomalyScorer.checkShare(share);
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
