package dev.fovea.task.regress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.WrittenReport;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.nn.Loss;
import dev.fovea.run.RunSettings;
import dev.fovea.run.Subset;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressionTest {

    private static final String NET = "conv 8 3, relu, maxpool 2, conv 16 3, relu, flatten, dense classes";

    @TempDir
    private Path folder;

    private static Splits scenes(int train, int validation, String... columns) {
        var kind = new TargetKind.Numbers(List.of(columns));
        return new Splits(
                new ShapeScenes(1, train, 16, kind),
                new ShapeScenes(2, validation, 16, kind),
                Dataset.empty(List.of(columns)),
                List.of());
    }

    private static Recipe recipe(String... settings) {
        var all = new ArrayList<>(
                List.of("task.type=regression", "input.size=16", "epochs=2", "batch=16", "precision=fp32", "seed=3"));
        all.addAll(List.of(settings));
        return Tasks.ALL.recipes().of(NET, all);
    }

    /** Grey images whose brightness is the number, in a unit of its own. */
    private static Dataset grey(int count, double from, double each) {
        var images = IntStream.range(0, count)
                .mapToObj(i -> {
                    var pixels = new byte[8 * 8 * 3];
                    java.util.Arrays.fill(pixels, (byte) (i * 255 / count));
                    return new Image(8, 8, 3, pixels);
                })
                .toList();
        var targets = IntStream.range(0, count)
                .mapToObj(i -> new Target.Values(new float[] {(float) (from + each * i)}))
                .toList();
        return Dataset.of(images, List.of("weight"), targets);
    }

    @Test
    void overfitsEightImages() {
        for (String loss : List.of("mse", "mae", "huber")) {
            Splits eight = Subset.first(scenes(8, 1, "count", "area"), 8);
            Recipe recipe = Subset.overfit(recipe("loss.type=" + loss, "optimizer.lr=0.003", "batch=8"), 1);
            var run =
                    Tasks.ALL.train(recipe, eight, RunSettings.in(folder, loss).withOverfit(true));
            assertThat(run.validation().get("r2")).as(loss).isGreaterThan(0.98);
        }
    }

    @Test
    void numbersAreInTheUnitsOfTheDataWhateverTheseAre() {
        Dataset train = grey(40, 60_000, 500);
        Splits data = new Splits(train, train, Dataset.empty(train.classes()), List.of());
        var run = Tasks.ALL.train(
                recipe("input.size=8", "epochs=150", "optimizer.lr=0.01", "batch=20"),
                data,
                RunSettings.in(folder, "grams"));
        var regressor = Regressor.load(run.folder());
        assertThat(run.validation().get("r2")).isGreaterThan(0.95);
        assertThat(regressor.predict(train.image(30)).numbers()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("weight");
            assertThat(one.value()).isCloseTo(75_000, within(4_000.0));
        });
        assertThat(run.validation().get("mae")).isBetween(1.0, 2_000.0);
        Regression settings = regressor.outputs().network().settings(RegressionType.TYPE);
        assertThat(settings.mean())
                .singleElement()
                .satisfies(mean -> assertThat(mean).isCloseTo(60_000 + 500 * 19.5, within(1e-3)));
        assertThat(settings.deviation())
                .singleElement()
                .satisfies(deviation ->
                        assertThat(deviation).isCloseTo(500 * Math.sqrt((40 * 40 - 1) / 12.0), within(1e-3)));
    }

    @Test
    void aPackageAnswersAsTheRunThatWroteIt() {
        Splits data = scenes(48, 24, "count", "x");
        var run = Tasks.ALL.train(recipe("optimizer.lr=0.003"), data, RunSettings.in(folder, "run"));
        var regressor = Regressor.load(run.folder());
        assertThat(regressor.names()).containsExactly("count", "x");
        RegressionEvaluation again = regressor.evaluate(data.validation());
        again.result()
                .values()
                .forEach((name, value) ->
                        assertThat(value).as(name).isCloseTo(run.validation().get(name), within(1e-4)));
        RegressionPrediction answer = regressor.predict(data.validation().image(5));
        assertThat(answer.numbers().get(1).value()).isCloseTo(again.predicted().get(5)[1], within(1e-2));
        regressor.save(folder.resolve("saved"));
        assertThat(Regressor.load(folder.resolve("saved"))
                        .predict(data.validation().image(5)))
                .isEqualTo(answer);
    }

    @Test
    void theReportShowsWhatWasPredictedAgainstWhatIsTrue() {
        var run = Tasks.ALL.train(recipe(), scenes(48, 24, "count", "area"), RunSettings.in(folder, "run"));
        assertThat(WrittenReport.of(
                        run.folder(),
                        "predicted-1",
                        "residuals-1",
                        "predicted-2",
                        "residuals-2",
                        "validation",
                        "mistakes",
                        "train-batch"))
                .contains("RMSE", "R²", "Number by number", "area");
    }

    @Test
    void aConstantNumberIsRefused() {
        Dataset same = grey(5, 3, 0);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RegressionType.TYPE.checked(Splits.trainOnly(same, List.of())))
                .withMessage(
                        "'weight' is 3 for all 5 training images, so there is nothing to learn. Leave it out of task.targets, or use data in which it differs");
        var classes = Dataset.of(List.of(same.image(0), same.image(1)), List.of("a", "b"), new int[] {0, 1});
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RegressionType.TYPE.checked(Splits.trainOnly(classes, List.of())))
                .withMessage("image #0: has no numbers. Expected a CSV file of paths and columns of numbers");
    }

    @Test
    void aModelAndDataOfOtherNumbersDoNotFit() {
        Splits data = scenes(16, 4, "count");
        var run = Tasks.ALL.train(recipe("epochs=1"), data, RunSettings.in(folder, "run"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Regressor.load(run.folder())
                        .evaluate(scenes(4, 4, "area", "x").train()))
                .withMessage("the data has the numbers area, x, the model predicts count");
    }

    @Test
    void aBadSettingIsRefused() {
        assertThat(recipe().loss()).isEqualTo(new Loss.Mse());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe("task.targets=[age, age]"))
                .withMessageContaining("targets must be names of columns, each once, got age, age");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Regression(List.of("age"), List.of(1.0), List.of(0.0)))
                .withMessageContaining("task.deviation must be above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe("loss.type=cross-entropy"))
                .withMessageContaining("loss.type must be one of mse, mae, huber for task regression");
    }
}
