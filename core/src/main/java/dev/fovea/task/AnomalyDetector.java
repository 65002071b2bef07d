package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.View;
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
 * Finds anomalies in images. It was trained on normal ones alone: either as an autoencoder, which cannot bring anomalous
 * ones back, or as a memory of what a classifier sees in normal ones.
 *
 * <pre>{@code
 * var detector = AnomalyDetector.load(Path.of("runs/good-parts-1"), AnomalyDetector.Score.SSIM);
 * double limit = detector.threshold(Folder.of(Path.of("more-good-parts")), 0.99);
 * boolean odd = detector.score(Image.read(Path.of("part.png"))) > limit;
 * }</pre>
 */
public final class AnomalyDetector {

    /** Of sound pictures, those that a threshold calls sound, if nobody asks for another share. */
    public static final double SHARE = 0.99;

    private static final double OPACITY = 0.65;

    /** How an autoencoder's picture and the one that was put in are compared. */
    public enum Score {
        /** Mean squared difference. */
        L2("thresholdL2") {
            @Override
            Measure measure(Network network) {
                return new Measure.Squared(network);
            }
        },
        /** One minus structural similarity: blind to small changes of brightness, keen on structure. */
        SSIM("thresholdSsim") {
            @Override
            Measure measure(Network network) {
                return new Measure.Structural(network);
            }
        };

        private final String threshold;

        Score(String threshold) {
            this.threshold = threshold;
        }

        abstract Measure measure(Network network);

        /** Whether pictures of this size have such a score. */
        boolean fits(Image seen) {
            return this == L2 || Math.min(seen.width(), seen.height()) >= Similarity.WINDOW;
        }

        /** The name, among the metrics of an autoencoder, of what nearly all sound pictures stay below. */
        String threshold() {
            return threshold;
        }
    }

    private final Measure measure;
    private final double threshold;

    private AnomalyDetector(Measure measure, double threshold) {
        this.measure = measure;
        this.threshold = threshold;
    }

    /** Over a trained autoencoder. */
    public static AnomalyDetector of(Autoencoder autoencoder, Score score) {
        Network network = autoencoder.network();
        return new AnomalyDetector(score.measure(network), recorded(network, score.threshold()));
    }

    /** Over a network that has seen sound pictures. */
    static AnomalyDetector of(Network network) {
        return new AnomalyDetector(new Measure.Remembered(network), recorded(network, "threshold"));
    }

    private static double recorded(Network network, String name) {
        return network.model().config().metrics().getOrDefault(name, Double.NaN);
    }

    /**
     * Looks at sound pictures through a classifier.
     *
     * @param model {@code patchcore} or {@code padim}
     * @param recipe with the classifier as {@code task.backbone}
     */
    public static AnomalyDetector train(String model, Splits sound, Recipe recipe) {
        var learner = new AnomalyLearner();
        TrainingRun.inTemporaryFolder(recipe.withModel(model), sound, learner);
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

    /** The score above which a picture is odd, if it was found while training. */
    public OptionalDouble threshold() {
        return Double.isNaN(threshold) ? OptionalDouble.empty() : OptionalDouble.of(threshold);
    }

    /** The same detector with another threshold. */
    public AnomalyDetector withThreshold(double value) {
        return new AnomalyDetector(measure, value);
    }

    /**
     * How odd a picture is; 0 is not at all.
     *
     * @throws IllegalArgumentException if the network's answer is not a number, so that nothing can be said
     */
    public double score(Image image) {
        return look(measure.seen(image)).whole();
    }

    private synchronized Measure.Found look(Image seen) {
        Measure.Found found = measure.look(seen);
        if (!Double.isFinite(found.whole())) {
            throw new IllegalArgumentException(
                    "anomaly: the score of an image is %s, so the model is broken. Train it again, at a lower rate"
                            .formatted(found.whole()));
        }
        return found;
    }

    /**
     * The image with what is odd in it coloured, where the network was shown it: what its resizing cuts off stays as it is.
     * Where the threshold is known, the oddest place is as hot as the image is odd, half at the threshold, full at twice of
     * it; where it is not, full.
     */
    public BufferedImage heatMap(Image image) {
        Measure.Found found = look(measure.seen(image));
        float[][] heat = HeatMap.relative(found.places());
        for (float[] row : heat) {
            for (int x = 0; x < row.length; x++) {
                row[x] *= hottest(found.whole());
            }
        }
        View view = measure.preprocess().view(image.width(), image.height());
        return HeatMap.over(Explanation.large(image), heat, view, OPACITY);
    }

    private float hottest(double whole) {
        return Double.isNaN(threshold) || whole >= 2 * threshold ? 1 : (float) (whole / (2 * threshold));
    }

    /**
     * The score that a share of sound pictures stays below.
     *
     * @param share such as 0.99, above 0 to 1: one sound picture in a hundred is then called odd
     */
    public double threshold(Dataset sound, double share) {
        checkShare(share);
        double[] scores = IntStream.range(0, sound.size())
                .mapToDouble(i -> score(sound.image(i)))
                .sorted()
                .toArray();
        if (scores.length == 0) {
            throw new IllegalArgumentException("anomaly: no normal images to choose a threshold by");
        }
        return scores[Math.min(scores.length - 1, (int) Math.ceil(share * scores.length) - 1)];
    }

    /** @throws IllegalArgumentException if it is no share of sound pictures that a threshold can be chosen by */
    public static void checkShare(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "anomaly: the share of normal images to be called normal must be above 0 to 1, got " + share);
        }
    }

    /**
     * How well odd and sound pictures are told apart: {@code auroc}, the probability that an odd one scores higher.
     *
     * @param normal the class of the sound pictures; all others are odd
     * @throws IllegalArgumentException if the data has no such class
     */
    public Map<String, Double> evaluate(Dataset data, String normal) {
        int sound = Classes.inData(data, normal);
        float[] scores = new float[data.size()];
        boolean[] odd = new boolean[data.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) score(data.image(i));
            odd[i] = data.label(i) != sound;
        }
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("auroc", RocAuc.area(scores, odd));
        return metrics;
    }

    /**
     * The same, and {@code pixelAuroc}: how well odd and sound places are told apart.
     *
     * @param masks folder with {@code <class>/<name>_mask.png} or {@code <class>/<name>.png} for odd pictures, of their
     *     size and white where they are odd, as in MVTec AD; a picture without one is odd nowhere
     * @throws IllegalArgumentException if there is none for any picture, or one of another size
     */
    public Map<String, Double> evaluate(Dataset data, String normal, Path masks) {
        var metrics = new LinkedHashMap<>(evaluate(data, normal));
        metrics.put("pixelAuroc", new OddPlaces(measure, masks).auroc(data));
        return metrics;
    }
}
