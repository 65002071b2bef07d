package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.models.EncoderClassifier;
import dev.fovea.run.AnomalyScorer;
import dev.fovea.run.ReconstructionScore;
import dev.fovea.run.RunSettings;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Subset;
import dev.fovea.task.anomaly.AnomalyDetector;
import dev.fovea.task.autoencode.Autoencoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnomalyAndProbeTest {

    @TempDir
    private static Path shared;

    private static Path normalRun;

    @TempDir
    private Path folder;

    /** Horizontal stripes are normal, vertical ones are anomalous. */
    private static Dataset stripes(int count, long seed) {
        var random = new Random(seed);
        var images = new ArrayList<Image>();
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            int phase = random.nextInt(6);
            byte[] pixels = new byte[256];
            for (int p = 0; p < 256; p++) {
                int at = labels[i] == 0 ? p / 16 : p % 16;
                pixels[p] = (byte) ((at + phase) % 6 < 3 ? 200 + random.nextInt(20) : 40 + random.nextInt(20));
            }
            images.add(new Image(16, 16, 1, pixels));
        }
        return Dataset.of(images, List.of("normal", "anomalous"), labels);
    }

    /** An autoencoder of what is normal, trained once for all tests. */
    private static Autoencoder trained() {
        if (normalRun == null) {
            Dataset normal = Subset.ofClasses(Splits.trainOnly(stripes(400, 1), List.of()), List.of("normal"))
                    .train();
            normalRun = run(normal, shared);
        }
        return Autoencoder.load(normalRun);
    }

    private Autoencoder trained(Dataset data) {
        return Autoencoder.load(run(data, folder));
    }

    private static Path run(Dataset data, Path folder) {
        var recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("dense-autoencoder bottleneck=8"),
                        List.of(
                                "input.size=16",
                                "input.channels=1",
                                "epochs=30",
                                "batch=20",
                                "schedule.warmup=0",
                                "selection.validation=0.1"));
        return Tasks.ALL
                .train(recipe, Splits.trainOnly(data, List.of()), RunSettings.in(folder, "stripes"))
                .folder();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasNeverSeenScoresHigher(ReconstructionScore score) {
        Splits all = Splits.trainOnly(stripes(400, 1), List.of());
        Dataset normal = Subset.ofClasses(all, List.of("normal")).train();
        assertThat(normal.size()).isEqualTo(200);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subset.ofClasses(all, List.of("broken")))
                .withMessage("unknown class 'broken', the data has 'normal', 'anomalous'");
        var detector = AnomalyDetector.of(trained().network(), score);
        Dataset test = stripes(60, 2);
        assertThat(detector.evaluate(test, "normal").get("auroc")).isGreaterThan(0.95);
        double limit = detector.threshold(normal, 0.99);
        assertThat(detector.score(test.image(1))).isGreaterThan(limit);
        assertThat(detector.heatMap(test.image(1)).getWidth()).isEqualTo(256);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.evaluate(test, "broken"))
                .withMessageContaining("unknown class 'broken'");
    }

    @Test
    void codesAreComparedWithPixelsComponentsAndTraining() {
        var probe = new Probe(ProbedEncoder.of(trained(stripes(100, 1))), stripes(100, 3), stripes(60, 4));
        List<Probe.Row> rows = probe.run(List.of(0.1, 0.3), text -> {});
        assertThat(rows)
                .extracting(Probe.Row::method)
                .containsExactly(
                        "codes, linear",
                        "codes, 5 nearest neighbours",
                        "raw pixels, linear",
                        "raw pixels, 5 nearest neighbours",
                        "principal components, linear",
                        "principal components, 5 nearest neighbours",
                        "encoder trained on",
                        "same network from random weights");
        assertThat(rows).allSatisfy(row -> assertThat(row.accuracy()).containsOnlyKeys(0.1, 0.3));
        assertThat(rows.get(2).accuracy().get(0.3))
                .as("a line cannot tell stripes of every phase apart")
                .isBetween(0.35, 0.7);
        assertThat(rows.get(3).accuracy().get(0.3))
                .as("those of one phase are all but alike")
                .isEqualTo(1);
        assertThat(rows.get(3).deviation()).containsEntry(0.3, 0.0);
        assertThat(rows.get(6).accuracy().get(0.3)).isGreaterThan(0.8);
        Probe.write(rows, folder);
        assertThat(folder.resolve("probe.csv"))
                .content()
                .startsWith("method,share,accuracy,deviation\n\"codes, linear\",0.1,")
                .hasLineCount(17);
    }

    @Test
    void theEncoderThatIsTrainedOnBeginsWithItsWeights() {
        Autoencoder coder = trained(stripes(60, 1));
        var probe = new Probe(ProbedEncoder.of(coder), stripes(60, 3), stripes(20, 4));
        var learned = coder.network().net().state().tensors();
        assertThat(((EncoderClassifier) probe.classifier(true))
                        .autoencoder()
                        .state()
                        .tensors())
                .allSatisfy((name, tensor) -> assertThat(tensor.toFloats())
                        .as(name)
                        .isEqualTo(learned.get(name).toFloats()));
        assertThat(((EncoderClassifier) probe.classifier(false))
                        .autoencoder()
                        .state()
                        .tensors()
                        .get("encoder.1.weight")
                        .toFloats())
                .isNotEqualTo(learned.get("encoder.1.weight").toFloats());
    }

    @Test
    void whatWasLearnedChangesWhatTrainingOnComesTo() {
        List<Probe.Row> rows = new Probe(ProbedEncoder.of(trained(stripes(200, 1))), noisy(100, 3), noisy(200, 4))
                .run(List.of(0.1), text -> {});
        assertThat(rows.get(6).accuracy()).isNotEqualTo(rows.get(7).accuracy());
    }

    /** Stripes that can hardly be seen. */
    private static Dataset noisy(int count, long seed) {
        Dataset clear = stripes(count, seed);
        var random = new Random(seed);
        var images = new ArrayList<Image>();
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = clear.label(i);
            byte[] pixels = clear.image(i).pixels().clone();
            for (int p = 0; p < 256; p++) {
                pixels[p] = (byte) ((pixels[p] & 0xFF) / 8 + random.nextInt(220));
            }
            images.add(new Image(16, 16, 1, pixels));
        }
        return Dataset.of(images, clear.classes(), labels);
    }

    /** A classifier of checks and dots, which has never seen a stripe. */
    private Path backbone() {
        var random = new Random(5);
        var images = new ArrayList<Image>();
        int[] labels = new int[200];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
            int phase = random.nextInt(4);
            byte[] pixels = new byte[256];
            for (int p = 0; p < 256; p++) {
                int x = (p % 16 + phase) / 4 % 2;
                int y = (p / 16 + phase) / 4 % 2;
                pixels[p] = (byte) ((labels[i] == 0 ? x ^ y : x & y) * 160 + random.nextInt(40));
            }
            images.add(new Image(16, 16, 1, pixels));
        }
        var recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("lenet5"),
                        List.of("input.size=16", "input.channels=1", "epochs=3", "batch=20", "schedule.warmup=0"));
        Dataset data = Dataset.of(images, List.of("checks", "dots"), labels);
        return Tasks.ALL
                .train(recipe, Splits.trainOnly(data, List.of()), RunSettings.in(folder, "backbone"))
                .folder();
    }

    @ParameterizedTest
    @ValueSource(strings = {"patchcore memory=50", "padim"})
    void theFeaturesOfAClassifierTellAnomalousFromNormalImages(String model) throws IOException {
        var recipe = Tasks.ALL.recipes().with(Tasks.ALL.recipe(model), List.of("task.backbone=" + backbone()));
        Dataset normal = Subset.ofClasses(Splits.trainOnly(stripes(200, 1), List.of()), List.of("normal"))
                .train();
        Path run = Tasks.ALL
                .train(recipe, Splits.trainOnly(normal, List.of()), RunSettings.in(folder, "memory"))
                .folder();
        assertThat(WrittenReport.of(run)).contains("The highest scores of normal images");
        var detector = AnomalyDetector.load(run);
        Dataset test = stripes(60, 2);
        assertThat(detector.evaluate(test, "normal").get("auroc")).isGreaterThan(0.95);
        assertThat(detector.score(test.image(1)))
                .isGreaterThan(detector.threshold().orElseThrow());
        assertThat(detector.heatMap(test.image(1)).getWidth()).isEqualTo(256);
    }

    @Test
    void anomalousPixelsScoreHigherThanNormalOnes() throws IOException {
        Dataset normal = Subset.ofClasses(Splits.trainOnly(stripes(400, 1), List.of()), List.of("normal"))
                .train();
        var detector = AnomalyDetector.of(trained().network(), ReconstructionScore.L2);
        var images = new ArrayList<Image>();
        Path masks = Files.createDirectories(folder.resolve("masks/scratched"));
        for (int i = 0; i < 10; i++) {
            byte[] pixels = normal.image(i).pixels().clone();
            byte[] mask = new byte[256];
            for (int p = 0; p < 256; p++) {
                if (p % 16 >= 3 && p % 16 < 7 && p / 16 >= i && p / 16 < i + 4) {
                    pixels[p] = (byte) (255 - (pixels[p] & 0xFF));
                    mask[p] = (byte) 255;
                }
            }
            images.add(new Image(16, 16, 1, pixels));
            Image.write(masks.resolve("image #" + i + "_mask.png"), new Image(16, 16, 1, mask).toBufferedImage());
        }
        Dataset scratched =
                Dataset.of(images, List.of("normal", "scratched"), new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
        Dataset whole = Dataset.of(
                List.of(normal.image(20), normal.image(21)), List.of("normal", "scratched"), new int[] {0, 0});
        var metrics = detector.evaluate(scratched.and(whole), "normal", folder.resolve("masks"));
        assertThat(metrics.get("pixelAuroc")).isGreaterThan(0.9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.evaluate(whole, "normal", folder.resolve("nothing")))
                .withMessageContaining("no mask for any image");
    }

    @Test
    void aDetectorWithoutABackboneSaysWhatToName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnomalyDetector.train(
                        "patchcore", Splits.trainOnly(stripes(20, 1), List.of()), Tasks.ALL.recipe("patchcore")))
                .withMessageContaining("task.backbone=runs/");
    }

    private Path run(String model, Dataset data, String... settings) {
        var all = new ArrayList<>(
                List.of("input.size=16", "input.channels=1", "epochs=2", "batch=20", "schedule.warmup=0"));
        all.addAll(List.of(settings));
        return Tasks.ALL
                .train(
                        Tasks.ALL.recipes().with(Tasks.ALL.recipe(model), all),
                        Splits.trainOnly(data, List.of()),
                        RunSettings.in(folder, "run"))
                .folder();
    }

    private static Dataset normal() {
        return Subset.ofClasses(Splits.trainOnly(stripes(120, 1), List.of()), List.of("normal"))
                .train();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conv 8 3, relu, maxpool 2, conv 8 3, relu, flatten, dense classes",
                "conv-autoencoder code=4 width=4",
                "conv 4 3 stride=2 pad=1, relu, flatten, dense 8 -> dense 256, sigmoid, reshape 1 16 16",
                "encoder(vae code=4 width=4), dense classes"
            })
    void looksThroughWhateverHasMaps(String backbone) {
        Path seeing = run(backbone, stripes(60, 4));
        Path detector = Tasks.ALL
                .train(
                        Tasks.ALL
                                .recipes()
                                .with(Tasks.ALL.recipe("patchcore memory=20"), List.of("task.backbone=" + seeing)),
                        Splits.trainOnly(normal(), List.of()),
                        RunSettings.in(folder, "detector"))
                .folder();
        assertThat(AnomalyDetector.load(detector)
                        .evaluate(stripes(40, 2), "normal")
                        .get("auroc"))
                .isGreaterThan(0.8);
    }

    private void refused(Path backbone, String sentence) {
        var recipe = Tasks.ALL.recipes().with(Tasks.ALL.recipe("padim"), List.of("task.backbone=" + backbone));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnomalyDetector.train("padim", Splits.trainOnly(normal(), List.of()), recipe))
                .withMessageContaining(sentence);
    }

    @Test
    void whatCannotBeLookedThroughSaysWhy() {
        refused(
                run("lenet5", stripes(60, 4), "input.normalize=whiten"),
                "sees whitened images (input.normalize=whiten), an anomaly detector cannot use it");
        refused(run("dense-autoencoder bottleneck=4", normal()), "the backbone has no convolutional feature maps");
        refused(run("row-rnn hidden=4", stripes(60, 4)), "the backbone has no convolutional feature maps");
        refused(
                run("dncnn depth=3 width=4", normal()),
                "is a model for restoration, expected a classifier or an autoencoder");
    }

    @ParameterizedTest
    @EnumSource
    void anAutoencoderHasThresholdsOfNormalImages(ReconstructionScore score) {
        var trained = trained();
        var detector = AnomalyDetector.of(trained.network(), score);
        assertThat(detector.threshold()).isPresent();
        assertThat(detector.score(stripes(2, 2).image(1)))
                .isGreaterThan(detector.threshold().orElseThrow());
        assertThat(trained.evaluate(normal())).doesNotContainKeys("thresholdL2", "thresholdSsim");
    }

    @ParameterizedTest
    @EnumSource
    void aHeatMapIsAsHotAsTheImageIsOdd(ReconstructionScore score) {
        var detector = AnomalyDetector.of(trained().network(), score);
        Image image = stripes(2, 2).image(1);
        double value = detector.score(image);
        int[] full = colours(detector.withThreshold(Double.NaN), image);
        assertThat(colours(detector.withThreshold(value / 2), image)).isEqualTo(full);
        int[] half = colours(detector.withThreshold(value), image);
        int[] bare = rgb(image.resize(256, 256, Filter.NEAREST).toBufferedImage());
        assertThat(apart(half, bare)).isLessThan(0.9 * apart(full, bare));
    }

    private static double apart(int[] a, int[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int bits = 0; bits < 24; bits += 8) {
                sum += Math.abs((a[i] >> bits & 0xFF) - (b[i] >> bits & 0xFF));
            }
        }
        return sum;
    }

    private static int[] colours(AnomalyDetector detector, Image image) {
        return rgb(detector.heatMap(image));
    }

    private static int[] rgb(BufferedImage map) {
        return map.getRGB(0, 0, map.getWidth(), map.getHeight(), null, 0, map.getWidth());
    }

    @Test
    void placesAreOfTheScoreTheyBelongTo() {
        SavedNet network = trained().network();
        Image image = stripes(2, 2).image(1);
        var squared = new AnomalyScorer.SquaredError(network).score(image);
        double sum = 0;
        for (float[] row : squared.anomalyMap()) {
            for (float value : row) {
                sum += value;
            }
        }
        assertThat(sum / 256).isCloseTo(squared.imageScore(), within(1e-5));
        var structural = new AnomalyScorer.StructuralSimilarity(network).score(image);
        assertThat(structural.anomalyMap()).hasDimensions(16, 16);
        double inner = 0;
        for (int p = 0; p < 36; p++) {
            inner += structural.anomalyMap()[5 + p / 6][5 + p % 6];
        }
        assertThat(inner / 36).isCloseTo(structural.imageScore(), within(1e-5));
    }

    @ParameterizedTest
    @EnumSource
    void aScoreThatIsNoNumberIsAnError(ReconstructionScore score) {
        var broken = trained();
        try (var noGrad = new NoGrad()) {
            broken.network().net().state().parameters().values().forEach(weight -> weight.fill_(Double.NaN));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnomalyDetector.of(broken.network(), score)
                        .score(stripes(1, 2).image(0)))
                .withMessage(
                        "anomaly: the score of an image is NaN, so the model is broken. Train it again, at a lower rate");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.01, Double.NaN})
    void aShareThatIsNoneIsRefused(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnomalyDetector.of(trained().network(), ReconstructionScore.L2)
                        .threshold(normal(), share))
                .withMessage(
                        "anomaly: the share of normal images to be called normal must be above 0 to 1, got " + share);
    }
}
