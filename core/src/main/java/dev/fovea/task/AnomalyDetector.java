package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.metrics.RocAuc;
import dev.fovea.metrics.Similarity;
import dev.fovea.models.Oddness;
import dev.fovea.train.Pictures;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Finds what is odd in pictures. It was trained on sound ones alone: either as an autoencoder, which cannot bring odd
 * ones back, or as a memory of what a classifier sees in sound ones.
 *
 * <pre>{@code
 * var detector = AnomalyDetector.load(Path.of("runs/good-parts-1"), AnomalyDetector.Score.SSIM);
 * double limit = detector.threshold(Folder.of(Path.of("more-good-parts")), 0.99);
 * boolean odd = detector.score(Image.read(Path.of("part.png"))) > limit;
 * }</pre>
 */
public final class AnomalyDetector {

    private static final int SMALLEST_SHOWN = 224;
    private static final double OPACITY = 0.65;

    /** How an autoencoder's picture and the one that was put in are compared. */
    public enum Score {
        /** Mean squared difference. */
        L2,
        /** One minus structural similarity: blind to small changes of brightness, keen on structure. */
        SSIM
    }

    /** How odd a picture is as a whole, and where: both from 0, not at all. */
    private interface Measure {
        Image seen(Image image);

        double whole(Image seen);

        float[][] places(Image seen);
    }

    private final Measure measure;
    private final double threshold;

    private AnomalyDetector(Measure measure, double threshold) {
        this.measure = measure;
        this.threshold = threshold;
    }

    /** Over a trained autoencoder. */
    public static AnomalyDetector of(Autoencoder autoencoder, Score score) {
        return new AnomalyDetector(new Reconstructed(autoencoder, score), Double.NaN);
    }

    static AnomalyDetector of(Network network, double threshold) {
        return new AnomalyDetector(new Remembered(network), threshold);
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

    /**
     * The model of a run, or a model package.
     *
     * @param score for an autoencoder
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static AnomalyDetector load(Path path, Score score) {
        if (!SavedModel.task(path).equals("anomaly")) {
            return of(Autoencoder.load(path), score);
        }
        Network network = Network.load(path, "auto", List.of("anomaly"));
        return of(network, network.model().config().metrics().getOrDefault("threshold", Double.NaN));
    }

    /** The score above which a picture is odd, if it was found while training. */
    public OptionalDouble threshold() {
        return Double.isNaN(threshold) ? OptionalDouble.empty() : OptionalDouble.of(threshold);
    }

    /** The picture in the size that is looked at. */
    Image seen(Image image) {
        return measure.seen(image);
    }

    /** How odd a picture is; 0 is not at all. */
    public double score(Image image) {
        return measure.whole(measure.seen(image));
    }

    /** The picture with what is odd in it coloured, the oddest place full. */
    public BufferedImage heatMap(Image image) {
        Image seen = measure.seen(image);
        int factor = Math.max(1, SMALLEST_SHOWN / Math.max(seen.width(), seen.height()));
        BufferedImage large = seen.resize(seen.width() * factor, seen.height() * factor, Filter.NEAREST)
                .toBufferedImage();
        return HeatMap.over(large, HeatMap.relative(measure.places(seen)), OPACITY);
    }

    /**
     * The score that a share of sound pictures stays below.
     *
     * @param share such as 0.99: one sound picture in a hundred is then called odd
     */
    public double threshold(Dataset sound, double share) {
        double[] scores = IntStream.range(0, sound.size())
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

    /**
     * The same, and {@code pixelAuroc}: how well odd and sound places are told apart.
     *
     * @param masks folder with {@code <class>/<name>_mask.png} or {@code <class>/<name>.png} for odd pictures, white where
     *     they are odd, as in MVTec AD; a picture without one is odd nowhere
     * @throws IllegalArgumentException if there is none for any picture
     */
    public Map<String, Double> evaluate(Dataset data, String normal, Path masks) {
        var scores = new java.util.ArrayList<float[]>();
        var truths = new java.util.ArrayList<boolean[]>();
        boolean found = false;
        for (int i = 0; i < data.size(); i++) {
            Image seen = measure.seen(data.image(i));
            Path mask = mask(masks, data.classes().get(data.label(i)), data.name(i));
            float[][] map = smoothed(stretched(measure.places(seen), seen.width(), seen.height()));
            float[] flat = new float[seen.width() * seen.height()];
            boolean[] truth = new boolean[flat.length];
            Image white =
                    mask == null ? null : Image.read(mask).toGray().resize(seen.width(), seen.height(), Filter.NEAREST);
            found |= mask != null;
            for (int p = 0; p < flat.length; p++) {
                flat[p] = map[p / seen.width()][p % seen.width()];
                truth[p] = white != null && (white.pixels()[p] & 0xFF) > 127;
            }
            scores.add(flat);
            truths.add(truth);
        }
        if (!found) {
            throw new IllegalArgumentException(
                    masks + ": no mask for any picture; expected <class>/<name>_mask.png or <class>/<name>.png");
        }
        var metrics = new LinkedHashMap<>(evaluate(data, normal));
        metrics.put("pixelAuroc", RocAuc.area(joined(scores), joinedTruth(truths)));
        return metrics;
    }

    private static Path mask(Path masks, String label, String name) {
        String file = name.replaceFirst(".*[/\\\\]", "").replaceFirst("\\.[^.]*$", "");
        Path folder = masks.resolve(label);
        for (String end : List.of("_mask.png", ".png")) {
            if (Files.isRegularFile(folder.resolve(file + end))) {
                return folder.resolve(file + end);
            }
        }
        return null;
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static boolean[] joinedTruth(List<boolean[]> parts) {
        boolean[] all = new boolean[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (boolean[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static float[][] stretched(float[][] map, int width, int height) {
        if (map.length == height && map[0].length == width) {
            return map;
        }
        float[] flat = new float[map.length * map[0].length];
        for (int y = 0; y < map.length; y++) {
            System.arraycopy(map[y], 0, flat, y * map[0].length, map[0].length);
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            float[] large = Tensor.of(flat, 1, 1, map.length, map[0].length)
                    .upsampleBilinear(height, width)
                    .toFloats();
            return rows(large, width);
        }
    }

    /** The mean over the 5x5 places around. */
    private static float[][] smoothed(float[][] map) {
        float[][] out = new float[map.length][map[0].length];
        for (int y = 0; y < map.length; y++) {
            for (int x = 0; x < map[0].length; x++) {
                float sum = 0;
                int count = 0;
                for (int v = Math.max(0, y - 2); v <= Math.min(map.length - 1, y + 2); v++) {
                    for (int u = Math.max(0, x - 2); u <= Math.min(map[0].length - 1, x + 2); u++) {
                        sum += map[v][u];
                        count++;
                    }
                }
                out[y][x] = sum / count;
            }
        }
        return out;
    }

    private static float[][] rows(float[] flat, int width) {
        float[][] rows = new float[flat.length / width][];
        for (int y = 0; y < rows.length; y++) {
            rows[y] = Arrays.copyOfRange(flat, y * width, (y + 1) * width);
        }
        return rows;
    }

    /** What an autoencoder fails to bring back. */
    private record Reconstructed(Autoencoder autoencoder, Score score) implements Measure {

        @Override
        public Image seen(Image image) {
            return autoencoder.seen(image);
        }

        @Override
        public double whole(Image seen) {
            Image made = autoencoder.reconstruct(seen);
            if (score == Score.L2) {
                return Comparison.mse(seen, made);
            }
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                return Math.max(
                        0,
                        1
                                - Similarity.ssim(Pictures.of(List.of(seen)), Pictures.of(List.of(made)))
                                        .item());
            }
        }

        @Override
        public float[][] places(Image seen) {
            Image made = autoencoder.reconstruct(seen);
            float[][] map = new float[seen.height()][seen.width()];
            for (int y = 0; y < seen.height(); y++) {
                for (int x = 0; x < seen.width(); x++) {
                    map[y][x] = difference(seen, made, x, y);
                }
            }
            return map;
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
    }

    /** What a classifier sees that it did not see in sound pictures. */
    private record Remembered(Network network) implements Measure {

        @Override
        public Image seen(Image image) {
            return network.model().config().preprocess().apply(image);
        }

        @Override
        public double whole(Image seen) {
            double most = 0;
            for (float[] row : places(seen)) {
                for (float value : row) {
                    most = Math.max(most, value);
                }
            }
            return most;
        }

        @Override
        public float[][] places(Image seen) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor places = ((Oddness) network.net()).places(network.normalized(seen));
                return rows(places.toFloats(), (int) places.size(2));
            }
        }
    }
}
