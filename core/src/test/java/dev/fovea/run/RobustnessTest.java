package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Corruption;
import dev.fovea.data.Dataset;
import dev.fovea.data.GeometricTransform;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.train.ProgressiveResizing;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RobustnessTest {

    @TempDir
    private Path folder;

    @Test
    void kindsAreNamedByWordFamilyOrAll() {
        assertThat(Robustness.kinds(List.of("all"))).containsExactly(Corruption.values());
        assertThat(Robustness.kinds(List.of("noise", "fog", "fog")))
                .containsExactly(
                        Corruption.GAUSSIAN_NOISE, Corruption.SHOT_NOISE, Corruption.IMPULSE_NOISE, Corruption.FOG);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Robustness.kinds(List.of("frog")))
                .withMessageStartingWith(
                        "unknown corruption 'frog', did you mean 'fog'? there are all, noise, blur, weather");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Robustness.kinds(List.of("nois")))
                .withMessageContaining("did you mean 'noise'?");
    }

    /** A run with progressive resizing, repeated and test-time augmentation, evaluated on corrupted images. */
    @Test
    void aTrainedModelIsMeasuredUnderEachKindAndSeverity() throws Exception {
        var shapes = new Shapes(1, 300, 16);
        var data = new Splits(
                shapes.subset(range(0, 240)), shapes.subset(range(240, 300)), shapes.subset(new int[0]), List.of());
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 8 3, relu, globalavgpool, dense classes"),
                        List.of(
                                "input.size=16",
                                "epochs=3",
                                "optimizer.lr=0.02",
                                "batch=40",
                                "task.tta=flip",
                                "input.augmentRepeats=2",
                                "input.progressiveResizing={initialScale: 0.5, finetuneFraction: 0.3, sizeIncrement: 4}",
                                "augment=[alternating-flip, {type: rand-augment, n: 1}]"));
        TrainingRun.Result result = Tasks.ALL.train(recipe, data, RunSettings.in(folder, "run"));
        TaskTypes.Saved saved = Tasks.ALL.load(result.folder(), "cpu");
        assertThat(saved.net().config().metrics()).containsKeys("plainAccuracy", "ttaGain");
        assertThat(result.folder().resolve("report.html"))
                .content()
                .contains("Test-time augmentation (flip) changes the validation accuracy from");
        var told = new ArrayList<Robustness.Row>();
        var found = Robustness.of(
                saved.with("tta", "none"),
                data.validation(),
                List.of(Corruption.BRIGHTNESS, Corruption.IMPULSE_NOISE),
                told::add);
        assertThat(found.rows()).isEqualTo(told).hasSize(2);
        assertThat(found.rows().get(0).errors()).hasSize(5).allMatch(error -> error >= 0 && error <= 1);
        assertThat(found.rows().get(0).errors())
                .containsExactlyElementsOf(brightnessErrors(saved.with("tta", "none"), data.validation()))
                .anyMatch(error -> Math.abs(error - found.clean()) > 0.01);
        double sum = found.rows().stream().mapToDouble(Robustness.Row::mean).sum();
        assertThat(found.meanError()).isCloseTo(sum / 2, within(1e-12));
        assertThat(found.families()).containsOnlyKeys("weather", "noise");
        assertThat(found.clean())
                .isCloseTo(
                        1
                                - saved.with("tta", "none")
                                        .evaluate(data.validation())
                                        .metrics()
                                        .get("accuracy"),
                        within(1e-12));
        found.write(folder, java.util.Map.of("model", "run"));
        assertThat(folder.resolve("corruption.html")).content().contains("impulse_noise");
        assertThat(Files.readAllLines(folder.resolve("corruption.csv"))).hasSize(11);
        assertThat(found.table()).contains("mean corruption error");

        var metrics = saved.evaluate(data.validation()).metrics(); // as its package says: with flips
        assertThat(metrics).containsKeys("plainAccuracy", "ttaGain");
        assertThat(metrics.get("ttaGain"))
                .isCloseTo(metrics.get("accuracy") - metrics.get("plainAccuracy"), within(1e-12));
        assertThat(metrics.get("plainAccuracy")).isCloseTo(1 - found.clean(), within(1e-12));
    }

    /** Of images that were corrupted beforehand. */
    private static List<Double> brightnessErrors(TaskTypes.Saved saved, Dataset clean) {
        return IntStream.rangeClosed(1, 5)
                .mapToObj(severity -> {
                    List<Image> images = IntStream.range(0, clean.size())
                            .mapToObj(
                                    i -> Corruption.BRIGHTNESS.apply(clean.image(i), severity, new SplittableRandom(0)))
                            .toList();
                    int[] labels =
                            IntStream.range(0, clean.size()).map(clean::label).toArray();
                    return 1
                            - saved.evaluate(Dataset.of(images, clean.classes(), labels))
                                    .metrics()
                                    .get("accuracy");
                })
                .toList();
    }

    private static int[] range(int from, int end) {
        return IntStream.range(from, end).toArray();
    }

    @Test
    void imagesMayNotGrowThroughSizesThatTheNetworkCannotTake() {
        var shapes = new Shapes(1, 100, 16);
        var data = new Splits(shapes, shapes, shapes.subset(new int[0]), List.of());
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 8 3, relu, flatten, dense classes"),
                        List.of("input.size=16", "epochs=4", "input.progressiveResizing.initialScale=0.5"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.train(recipe, data, RunSettings.in(folder, "run")))
                .withMessageStartingWith(
                        "input.progressiveResizing: 'conv 8 3, relu, flatten, dense classes' cannot take images of 8x8 pixels, the size of epoch 1");
        assertThat(folder.resolve("run-1")).doesNotExist();
    }

    @Test
    void onlyClassifiersGrowTheirImages() {
        Recipe recipe = Tasks.ALL.recipe("dense-autoencoder");
        Recipe growing = recipe.withInput(recipe.input().withProgressiveResizing(new ProgressiveResizing(0.5, 0.2, 4)));
        assertThatIllegalArgumentException()
                .isThrownBy(growing::checked)
                .withMessageStartingWith(
                        "input.progressiveResizing: only classifiers learn from images of several sizes");
    }

    @Test
    void aSheetShowsImagesAndWhatBecomesOfThem() {
        var data = new Shapes(1, 20, 16);
        var sheet = TransformSheet.augmented(data, Augmentation.of(new GeometricTransform.Rotate(40, Fill.NEAREST, 0)));
        assertThat(sheet.getWidth()).isGreaterThan(8 * 40);
        var damage = TransformSheet.corrupted(data, List.of(Corruption.values()));
        assertThat(damage.getHeight()).isGreaterThan(15 * 40);
    }
}
