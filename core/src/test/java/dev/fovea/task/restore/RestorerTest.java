package dev.fovea.task.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestorerTest {

    @TempDir
    private Path folder;

    private static Splits shapes() {
        Dataset none = Dataset.empty(new Shapes(1, 1, 64).classes());
        return new Splits(new Shapes(1, 24, 64), new Shapes(2, 6, 64), none, List.of());
    }

    private static Recipe recipe(String model, String... settings) {
        var all = new java.util.ArrayList<>(
                List.of("input.size=32", "input.repeats=4", "epochs=3", "batch=8", "precision=fp32"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().with(Tasks.ALL.recipe(model), all);
    }

    private RunSettings settings(String name) {
        return RunSettings.in(folder, name);
    }

    @ParameterizedTest
    @CsvSource({
        "dncnn depth=4 width=16, noise, 50, 50",
        "ffdnet depth=4 width=16, noise, 10, 50",
        "unet-restorer width=8, jpeg, 5, 10",
        "unet-restorer width=8 guide=1, holes, 0.2, 0.3",
        "subpixel width=8 blocks=2, scale, 2, 2"
    })
    void everyDamageIsLearnedReportedAndUndone(String model, String degradation, String low, String high) {
        var run = Tasks.ALL.train(
                recipe(model, "task.degradation=" + degradation, "task.low=" + low, "task.high=" + high),
                shapes(),
                settings("run"));
        WrittenReport.of(run.folder(), "examples");
        assertThat(run.history().get(2).get("train_loss"))
                .isLessThan(run.history().get(0).get("train_loss"));
        assertThat(run.validation()).containsKeys("psnr", "ssim", "inputPsnr");
        var loaded = Restorer.load(run.folder());
        assertThat(loaded.evaluate(shapes().validation()).get("psnr"))
                .isCloseTo(run.validation().get("psnr"), within(1e-9));
    }

    @Test
    void aNetworkThatEnlargesStartsFromImagesAsMuchSmaller() {
        assertThat(Tasks.ALL.recipe("subpixel scale=3").task()).isEqualTo(new Restoration(DegradationType.SCALE, 3, 3));
        assertThat(Tasks.ALL.recipe("dncnn").task()).isEqualTo(Restoration.of(DegradationType.NOISE));
    }

    @Test
    void lessNoiseComesOutThanWentIn() {
        var run = Tasks.ALL.train(
                recipe("dncnn depth=4 width=16", "epochs=12", "task.low=50", "task.high=50"),
                shapes(),
                settings("noise"));
        assertThat(run.validation().get("psnr")).isGreaterThan(run.validation().get("inputPsnr") + 4);
    }

    @Test
    void fillsOnlyWhatTheMaskSays() {
        var run = Tasks.ALL.train(
                recipe("unet-restorer width=8 guide=1", "task.degradation=holes", "task.low=0.2", "task.high=0.3"),
                shapes(),
                settings("holes"));
        Image image = shapes().validation().image(0);
        byte[] mask = new byte[64 * 64];
        Arrays.fill(mask, 0, 640, (byte) 255);
        Image made = Restorer.load(run.folder()).fill(image, new Image(64, 64, 1, mask));
        assertThat(Arrays.copyOfRange(made.pixels(), 640 * 3, made.pixels().length))
                .isEqualTo(Arrays.copyOfRange(image.pixels(), 640 * 3, image.pixels().length));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Restorer.load(run.folder()).fill(image, new Image(8, 8, 1, new byte[64])))
                .withMessage("restore: the mask has 8x8 pixels, the image 64x64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Restorer.load(run.folder()).restore(image))
                .withMessageContaining("pass a mask");
    }

    @Test
    void aStoppedRunGoesOnBitIdentical() throws IOException {
        Recipe recipe = recipe("ffdnet depth=4 width=8", "task.low=0", "task.high=60");
        var whole = Tasks.ALL.train(recipe, shapes(), settings("whole"));
        var steps = new AtomicInteger();
        var part = Tasks.ALL.train(recipe, shapes(), settings("part").withStop(() -> steps.incrementAndGet() == 5));
        Tasks.ALL.resume(part.folder(), shapes(), settings("part"));
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.folder().resolve("model/model.safetensors")));
    }

    @Test
    void aDamageThatTheNetworkCannotUndoIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe("dncnn depth=4 width=8", "task.degradation=scale", "task.low=2", "task.high=2"),
                        shapes(),
                        settings("scale")))
                .withMessageContaining("does not fit a network whose images are as large as they were");
    }

    private Restorer trained(String model, String... settings) {
        var all = new java.util.ArrayList<>(List.of(settings));
        all.addAll(List.of("epochs=1", "input.repeats=1"));
        var run = Tasks.ALL.train(recipe(model, all.toArray(String[]::new)), shapes(), settings("small"));
        return Restorer.load(run.folder());
    }

    @ParameterizedTest
    @CsvSource({
        "dncnn depth=3 width=4, noise, 1",
        "ffdnet depth=3 width=4, noise, 1",
        "unet-restorer width=4, jpeg, 1",
        "subpixel width=4 blocks=1 scale=2, scale, 2"
    })
    void imagesOfOnePixelAndOddSidesAreRestored(String model, String degradation, int scale) {
        var restorer = trained(model, "task.degradation=" + degradation);
        for (int[] sides : new int[][] {{1, 1}, {3, 5}, {9, 2}}) {
            Image made = restorer.restore(shapes().train().image(0).crop(7, 9, sides[0], sides[1]));
            assertThat(made.width()).isEqualTo(scale * sides[0]);
            assertThat(made.height()).isEqualTo(scale * sides[1]);
        }
    }

    @Test
    void greyImagesAreFilledByANetworkForColours() {
        var restorer = trained("unet-restorer width=4 guide=1", "task.degradation=holes");
        Image grey = shapes().validation().image(0).toGray();
        byte[] mask = new byte[64 * 64];
        Arrays.fill(mask, 0, 640, (byte) 255);
        Image made = restorer.fill(grey, new Image(64, 64, 1, mask));
        byte[] clean = grey.toRgb().pixels();
        assertThat(Arrays.copyOfRange(made.pixels(), 640 * 3, made.pixels().length))
                .isEqualTo(Arrays.copyOfRange(clean, 640 * 3, clean.length));
    }

    @Test
    void anAmountIsForAGuidedNetworkAndMustBePossible() {
        Image image = shapes().validation().image(0);
        var blind = trained("dncnn depth=3 width=4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> blind.restore(image, 30))
                .withMessage("restore: this network takes no amount of degradation. Leave the amount 30.0 out");
        var guided = trained("ffdnet depth=3 width=4");
        assertThat(guided.restore(image, 30).width()).isEqualTo(64);
        for (double impossible : new double[] {-1, 256, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> guided.restore(image, impossible))
                    .withMessageStartingWith("an amount of degradation must be 0 to 255 for noise, got ");
        }
    }

    @Test
    void sizesThatDoNotFitTheNetworkAreRefusedBeforeTheFirstStep() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Tasks.ALL.train(recipe("unet-restorer width=4", "input.size=20"), shapes(), settings("uneven")))
                .withMessage("input.size must be a multiple of 8 for unet-restorer width=4, got input.size=20");
        Image small = shapes().train().image(0).crop(0, 0, 30, 5);
        Dataset one = Dataset.of(List.of(small), shapes().train().classes(), new int[1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(
                        recipe("unet-restorer width=4"),
                        new Splits(shapes().train(), one, shapes().test(), List.of()),
                        settings("little")))
                .withMessage(
                        "image #0: has 30x5 pixels, to be measured with this network needs at least 8x8. Leave it out");
        assertThat(folder).as("nothing was begun").isEmptyDirectory();
    }

    @Test
    void networksThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trained("dncnn depth=2"))
                .withMessage(
                        "dncnn: option depth must be at least 3, the first and last convolution included, got depth=2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trained("subpixel scale=9", "task.degradation=scale"))
                .withMessage("option scale must be a whole number from 2 to 8, got 9");
    }
}
