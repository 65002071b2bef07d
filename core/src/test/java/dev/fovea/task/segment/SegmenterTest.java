package dev.fovea.task.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Mask;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmenterTest {

    @TempDir
    Path folder;

    private static Recipe recipe(String... settings) {
        var all = new ArrayList<>(List.of("input.size=32", "augment=[]", "batch=8", "epochs=40"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().of("unet width=8", all);
    }

    private static Dataset shapes(int seed, int size) {
        return new Shapes(seed, size, 32, Shapes.Annotation.PIXEL_LABELS);
    }

    private static Splits same(Dataset data) {
        return new Splits(data, data, Dataset.empty(data.classes()), List.of());
    }

    /** Overfitted once, for several tests. */
    private static final Segmenter OVERFITTED = Segmenter.train(
            "unet width=32",
            same(shapes(5, 8)),
            recipe("optimizer.lr=0.002", "epochs=100", "update.ema=0", "schedule.warmup=0"));

    @Test
    void overfitsEightImages() {
        SegmentationEvaluation evaluation = OVERFITTED.evaluate(shapes(5, 8));
        assertThat(evaluation.metrics().get("miou")).isGreaterThan(0.9);
        assertThat(evaluation.metrics().get("pixelAccuracy")).isGreaterThan(0.98);
        assertThat(evaluation.metrics().get("boundaryF1")).isGreaterThan(0.9);
        assertThat(evaluation.images()).hasSize(8);
        assertThat(evaluation.measured()).contains("8 images of 11 classes, in the images' own size");
    }

    @Test
    void answersAreInTheSizeOfTheImageAndSayWhatIsWhere() {
        Image large = shapes(5, 8).image(3).resize(50, 70, dev.fovea.image.Filter.BILINEAR);
        SegmentedImage answer = OVERFITTED.predict(large);
        assertThat(answer.mask().size()).isEqualTo(new Size(70, 50));
        assertThat(answer.regions().get(0).label()).isEqualTo("background");
        assertThat(answer.regions().stream()
                        .mapToDouble(SegmentedImage.Region::share)
                        .sum())
                .isEqualTo(1);
        assertThat(answer.regions().get(0).mask().area())
                .isEqualTo(Math.round(answer.regions().get(0).share() * 70 * 50));
        assertThat(answer.text()).startsWith("background ");
        assertThat(OVERFITTED.drawn(large, answer)).isPresent();
    }

    @Test
    void aMaskThatIsWrittenIsReadAgainAsItWas() {
        SegmentedImage answer = OVERFITTED.predict(shapes(5, 8).image(0));
        Path file = folder.resolve("mask.png");
        Image.write(file, OVERFITTED.mask(answer).orElseThrow());
        byte[] bytes = read(file);
        assertThat(Image.indices(bytes, "mask").pixels())
                .isEqualTo(answer.mask().values());
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"flip", "scales"})
    void severalViewsAnswerAboutAsOneDoes(String views) {
        Image image = shapes(5, 8).image(2);
        var several =
                (Segmenter) Tasks.ALL.load(saved(), "cpu").with("tta", views).predictor();
        assertThat(agreement(
                        OVERFITTED.predict(image).mask(), several.predict(image).mask()))
                .isGreaterThan(0.85);
    }

    private Path saved() {
        Path model = folder.resolve("model");
        OVERFITTED.save(model);
        return model;
    }

    private static double agreement(Mask a, Mask b) {
        int same = 0;
        for (int i = 0; i < a.values().length; i++) {
            same += a.values()[i] == b.values()[i] ? 1 : 0;
        }
        return same / (double) a.values().length;
    }

    /** A window that says of each of its pixels what it knows of them makes what the whole would. */
    @ParameterizedTest
    @ValueSource(ints = {32, 40, 64, 500})
    void windowsBlendToWhatIsTrue(int side) {
        byte[] pixels = new byte[100 * 70 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 3 % 100 / 10 % 2 + i / 3 / 100 / 10 % 2);
        }
        var image = new Image(100, 70, 3, pixels);
        Mask told =
                new SlidingWindow(image, side, new Size(32, 32)).classes(3, Device.of("cpu"), SegmenterTest::oneHot);
        for (int i = 0; i < told.values().length; i++) {
            assertThat(told.values()[i]).isEqualTo(pixels[3 * i]);
        }
    }

    private static Tensor oneHot(Image window) {
        int count = window.width() * window.height();
        float[] scores = new float[3 * count];
        for (int i = 0; i < count; i++) {
            scores[window.pixels()[3 * i] * count + i] = 1;
        }
        return Tensor.of(scores, 1, 3, window.height(), window.width());
    }

    @Test
    void windowsReachTheEndAndOverlapByHalf() {
        assertThat(SlidingWindow.starts(100, 40)).containsExactly(0, 20, 40, 60);
        assertThat(SlidingWindow.starts(101, 40)).containsExactly(0, 20, 40, 60, 61);
        assertThat(SlidingWindow.starts(40, 40)).containsExactly(0);
    }

    @Test
    void tilesAreForImagesOfAnySizeAndNotTooSmall() {
        Image image = shapes(5, 8).image(1).resize(96, 96, dev.fovea.image.Filter.BILINEAR);
        assertThat(OVERFITTED.withTiles(64).predict(image).mask().size()).isEqualTo(new Size(96, 96));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OVERFITTED.withTiles(8).predict(image))
                .withMessageContaining("at least 32 pixels");
    }

    @Test
    void aSavedModelTellsTheSame() {
        Image image = shapes(5, 8).image(4);
        assertThat(Segmenter.load(saved()).predict(image).mask())
                .isEqualTo(OVERFITTED.predict(image).mask());
    }

    @Test
    void theReportHasFiguresOfClassesAndImages() {
        OVERFITTED.report(folder.resolve("report"));
        String page = new String(read(folder.resolve("report/report.html")), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(page)
                .contains("mIoU", "boundary F1", "of 11 classes", "pixels without a label (255)")
                .doesNotContain("is not in this report");
        assertThat(folder.resolve("report/worst.png")).exists();
        assertThat(folder.resolve("report/confusion.png")).exists();
    }

    @Test
    void aFittedImageIsToldWithoutWhatLiesAroundIt() {
        Segmenter fitted = Segmenter.train(
                "unet width=32",
                same(shapes(5, 8)),
                recipe("input.resize=fit", "optimizer.lr=0.002", "epochs=40", "update.ema=0", "schedule.warmup=0"));
        Image own = shapes(5, 8).image(3);
        byte[] wide = new byte[64 * 32 * 3]; // the image twice as wide, a half of it grey
        Arrays.fill(wide, (byte) 114);
        for (int y = 0; y < 32; y++) {
            System.arraycopy(own.pixels(), y * 96, wide, y * 192, 96);
        }
        Mask half = fitted.predict(new Image(64, 32, 3, wide)).mask();
        Mask direct = fitted.withTiles(64).predict(new Image(64, 32, 3, wide)).mask();
        assertThat(half.size()).isEqualTo(new Size(32, 64));
        assertThat(agreement(half, direct)).as("whole and in one window").isEqualTo(1);
        assertThat(fitted.evaluate(shapes(5, 8)).metrics().get("pixelAccuracy")).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss={type: sum, losses: [{type: cross-entropy}, {type: lovasz}, boundary], weights: [1, 0.5, 0.1]}",
                "loss.type=dice",
                "loss.type=focal",
                "task.classWeights=median",
                "task.classWeights=effective",
                "input.multiScale=0.2"
            })
    void trainsOtherwiseWithWhatRecipesOffer(String setting) {
        byte[] plain = weights("epochs=5", "input.size=64", "update.ema=0", "selection.keep=last");
        assertThat(weights(setting, "epochs=5", "input.size=64", "update.ema=0", "selection.keep=last"))
                .isNotEqualTo(plain);
    }

    /** Of a network after training. */
    private byte[] weights(String... settings) {
        Path model = folder.resolve("weights");
        Segmenter.train("unet width=8", same(shapes(6, 8)), recipe(settings)).save(model);
        return read(model.resolve("model.safetensors"));
    }

    @Test
    void trainsAlikeWithTheSameRecipe() {
        assertThat(weights("epochs=2", "update.ema=0")).isEqualTo(weights("epochs=2", "update.ema=0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet encoder=resnet18", "fovea-seg width=8"})
    void otherNetworksLearnToo(String model) {
        Splits data = same(shapes(6, 8));
        Segmenter trained = Segmenter.train(model, data, recipe("epochs=2", "input.size=64"));
        assertThat(trained.evaluate(data.train()).metrics().get("pixelAccuracy"))
                .isBetween(0.0, 1.0);
    }

    @Test
    void pixelsWithoutALabelTeachNothing() {
        byte[] all = new byte[32 * 32];
        Arrays.fill(all, (byte) Target.IGNORED);
        var blank = new Target.PixelLabels(new Mask(new Size(32, 32), all));
        var image = new Image(32, 32, 3, new byte[3 * 32 * 32]);
        var data = Dataset.of(Collections.nCopies(2, image), List.of("sky", "road"), Collections.nCopies(2, blank));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Segmenter.train("unet width=8", same(data), recipe()))
                .withMessage("all pixels of the training images are ignored, so there is nothing to learn");
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeTraining() {
        Splits labelled = same(new Shapes(5, 8, 32));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Segmenter.train("unet width=8", labelled, recipe()))
                .withMessageContaining("has no mask");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Segmenter.train("unet width=8", same(shapes(5, 8)), recipe("input.resize=crop")))
                .withMessageContaining("input.resize must be fit or stretch");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Segmenter.train(
                        "unet width=8", same(shapes(5, 8)), recipe("loss.type=dice", "task.classWeights=median")))
                .withMessageContaining("task.classWeights are for cross-entropy");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> recipe("loss.type=mse").checked())
                .withMessageContaining("loss");
    }

    @Test
    void nobodyNeedsToSayTheSizeOfTheImages() {
        Recipe recipe = Tasks.ALL.recipes().of("unet", List.of("epochs=1", "batch=8", "augment=[]"));
        Segmenter trained = Segmenter.train("unet width=8", same(shapes(5, 8)), recipe);
        assertThat(trained.config().preprocess().size()).isEqualTo(new Size(32, 32));
    }
}
