package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.metrics.RocAuc;
import dev.fovea.metrics.Similarity;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what is odd in pictures: an autoencoder that was trained on sound ones alone cannot bring odd ones back.
 *
 * <pre>{@code
 * var detector = AnomalyDetector.load(Path.of("runs/good-parts-1"), AnomalyDetector.Score.SSIM);
 * double limit = detector.threshold(Folder.of(Path.of("more-good-parts")), 0.99);
 * boolean odd = detector.score(Image.read(Path.of("part.png"))) > limit;
 * }</pre>
 */
public final class AnomalyDetector {

    private static final int SMALLEST_SHOWN = 224;

    /** How the picture and what comes back are compared. */
    public enum Score {
        /** Mean squared difference. */
        L2,
        /** One minus structural similarity: blind to small changes of brightness, keen on structure. */
        SSIM
    }

    private final Autoencoder autoencoder;
    private final Score score;

    private AnomalyDetector(Autoencoder autoencoder, Score score) {
        this.autoencoder = autoencoder;
        this.score = score;
    }

    /** Over a trained autoencoder. */
    public static AnomalyDetector of(Autoencoder autoencoder, Score score) {
        return new AnomalyDetector(autoencoder, score);
    }

    /**
     * Over the autoencoder of a run or a model package.
     *
     * @throws IllegalArgumentException if there is no model, or it is damaged or no autoencoder
     */
    public static AnomalyDetector load(Path path, Score score) {
        return of(Autoencoder.load(path), score);
    }

    /** How odd a picture is; 0 is not at all. */
    public double score(Image image) {
        Image seen = autoencoder.seen(image);
        Image made = autoencoder.reconstruct(seen);
        if (score == Score.L2) {
            return Comparison.mse(seen, made);
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor a = dev.fovea.train.Pictures.of(List.of(seen));
            Tensor b = dev.fovea.train.Pictures.of(List.of(made));
            return Math.max(0, 1 - Similarity.ssim(a, b).item());
        }
    }

    /** The picture with what is odd in it coloured, the oddest place full. */
    public BufferedImage heatMap(Image image) {
        Image seen = autoencoder.seen(image);
        Image made = autoencoder.reconstruct(seen);
        float[][] map = new float[seen.height()][seen.width()];
        float most = 1e-6f;
        for (int y = 0; y < seen.height(); y++) {
            for (int x = 0; x < seen.width(); x++) {
                map[y][x] = difference(seen, made, x, y);
                most = Math.max(most, map[y][x]);
            }
        }
        for (float[] row : map) {
            for (int x = 0; x < row.length; x++) {
                row[x] /= most;
            }
        }
        int factor = Math.max(1, SMALLEST_SHOWN / Math.max(seen.width(), seen.height()));
        BufferedImage large = seen.resize(seen.width() * factor, seen.height() * factor, Filter.NEAREST)
                .toBufferedImage();
        return HeatMap.over(large, map, 0.65);
    }

    /** The mean over the 3x3 pixels around, all channels. */
    private static float difference(Image a, Image b, int x, int y) {
        double sum = 0;
        int count = 0;
        for (int v = Math.max(0, y - 1); v <= Math.min(a.height() - 1, y + 1); v++) {
            for (int u = Math.max(0, x - 1); u <= Math.min(a.width() - 1, x + 1); u++) {
                for (int c = 0; c < a.channels(); c++) {
                    int at = (v * a.width() + u) * a.channels() + c;
                    sum += Math.abs((a.pixels()[at] & 0xFF) - (b.pixels()[at] & 0xFF));
                    count++;
                }
            }
        }
        return (float) (sum / count / 255);
    }

    /**
     * The score that a share of sound pictures stays below.
     *
     * @param share such as 0.99: one sound picture in a hundred is then called odd
     */
    public double threshold(Dataset sound, double share) {
        double[] scores = java.util.stream.IntStream.range(0, sound.size())
                .mapToDouble(i -> score(sound.image(i)))
                .sorted()
                .toArray();
        if (scores.length == 0) {
            throw new IllegalArgumentException("anomaly: no sound pictures to choose a threshold by");
        }
        return scores[Math.min(scores.length - 1, (int) Math.ceil(share * scores.length) - 1)];
    }

    /**
     * How well odd and sound pictures are told apart: {@code auroc}, the probability that an odd one scores higher.
     *
     * @param normal the class of the sound pictures; all others are odd
     * @throws IllegalArgumentException if the data has no such class
     */
    public Map<String, Double> evaluate(Dataset data, String normal) {
        int sound = Classes.index(data.classes(), normal);
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
}
