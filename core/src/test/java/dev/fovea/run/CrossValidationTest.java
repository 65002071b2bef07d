package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.task.Tasks;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossValidationTest {

    @TempDir
    Path folder;

    private static Recipe recipe() {
        return Tasks.ALL
                .recipe("conv 8 3, relu, maxpool 2, flatten, dense classes")
                .withEpochs(2)
                .withBatch(20)
                .withInput(new Recipe.Input(InputSize.square(16), 3, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA));
    }

    private static Splits data() {
        var train = new Shapes(1, 90, 16);
        return new Splits(train, new Shapes(2, 30, 16), new Shapes(3, 10, 16), List.of());
    }

    private CrossValidation.Result run(Splits data, int folds, RunSettings settings) {
        return CrossValidation.run(Tasks.ALL, recipe(), data, folds, settings);
    }

    @Test
    void everyImageIsHeldOutOnce() {
        var held = new HashSet<String>();
        for (int fold = 1; fold <= 4; fold++) {
            Splits parts = CrossValidation.part(data(), fold + "/4", recipe());
            assertThat(parts.train().size() + parts.validation().size()).isEqualTo(120);
            assertThat(parts.test().size()).as("the test part stays out").isZero();
            Dataset validation = parts.validation();
            IntStream.range(0, validation.size())
                    .forEach(i ->
                            assertThat(held.add(validation.fingerprint(i) + "")).isTrue());
        }
        assertThat(held).hasSize(120);
    }

    @Test
    void theFiguresAreMeanAndDeviationOverTheRunsOfAllFolds() throws IOException {
        var result = run(data(), 3, RunSettings.in(folder, "shapes"));
        assertThat(result.whole()).isTrue();
        assertThat(result.folder().getFileName()).hasToString("shapes-folds-1");
        assertThat(result.folds())
                .extracting(fold -> fold.folder().getFileName().toString())
                .containsExactly("fold-1", "fold-2", "fold-3");
        double[] accuracies = result.folds().stream()
                .mapToDouble(fold -> fold.validation().get("accuracy"))
                .toArray();
        double mean = (accuracies[0] + accuracies[1] + accuracies[2]) / 3;
        double squares = IntStream.range(0, 3)
                .mapToDouble(i -> Math.pow(accuracies[i] - mean, 2))
                .sum();
        var spread = result.metrics().get("accuracy");
        assertThat(spread.mean()).isCloseTo(mean, within(1e-12));
        assertThat(spread.deviation()).isCloseTo(Math.sqrt(squares / 2), within(1e-12));
        assertThat(Files.readAllLines(result.folder().resolve(CrossValidation.FILE)))
                .hasSize(4)
                .first()
                .asString()
                .startsWith("fold,");
    }

    @Test
    void aRunOfAFoldThatWasStoppedGoesOnWithTheSameFold() {
        var steps = new AtomicInteger();
        var result = run(data(), 2, RunSettings.in(folder, "shapes").withStop(() -> steps.incrementAndGet() > 8));
        assertThat(result.whole()).isFalse();
        assertThat(result.folds()).hasSize(1);
        Path stopped = result.folder().resolve("fold-2");
        DataRequest asked = RunFacts.read(stopped).orElseThrow().asked().data();
        assertThat(asked.fold()).isEqualTo("2/2");
        var again = Tasks.ALL.resume(
                stopped, CrossValidation.part(data(), asked.fold(), recipe()), RunSettings.in(folder, "shapes"));
        assertThat(again.epochs()).isEqualTo(2);
    }

    @Test
    void aCrossValidationThatWasStoppedComesToTheSameFigures() throws IOException {
        var whole = run(data(), 3, RunSettings.in(folder, "whole"));
        var steps = new AtomicInteger();
        RunSettings settings = RunSettings.in(folder, "shapes");
        var stopped = run(data(), 3, settings.withStop(() -> steps.incrementAndGet() > 10));
        assertThat(stopped.whole()).isFalse();
        assertThat(CrossValidation.isAt(stopped.folder())).isTrue();
        Files.createDirectories(
                stopped.folder().resolve("fold-3/checkpoints")); // as a process leaves it that was killed
        var again = CrossValidation.resume(Tasks.ALL, stopped.folder(), data(), RunSettings.in(folder, "other"));
        assertThat(again.whole()).isTrue();
        assertThat(again.metrics().get("accuracy")).isEqualTo(whole.metrics().get("accuracy"));
        assertThat(again.folds())
                .extracting(fold -> fold.folder().getFileName().toString())
                .containsExactly("fold-1", "fold-2", "fold-4");
        assertThat(again.folder().resolve("fold-3"))
                .as("what is no run is left alone")
                .exists();
        assertThat(Files.readAllLines(again.folder().resolve(CrossValidation.FILE)))
                .hasSize(4);
        assertThat(CrossValidation.resume(Tasks.ALL, again.folder(), data(), settings)
                        .folds())
                .as("nothing is left to do")
                .isEqualTo(again.folds());
    }

    @Test
    void imagesThatAreForTrainingOnlyAreNotDealtOut() {
        DataRequest extra = new DataRequest("flowers", "", "", false, List.of(), 0, "more", 0);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(
                        () -> run(data(), 3, RunSettings.in(folder, "shapes").withData(extra)))
                .withMessageStartingWith("folds: extra images are for training");
        for (DataRequest few : List.of(
                DataRequest.of("flowers").withPerClass(5),
                DataRequest.of("flowers").withFaults(10, 0))) {
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() ->
                            run(data(), 3, RunSettings.in(folder, "shapes").withData(few)))
                    .withMessageContaining("only the training images are made fewer");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void filesOfTheDataLieInTheRunOfEachFold() {
        Splits noisy = dev.fovea.data.LabelNoise.symmetric(data(), 0.2, 0);
        var result = run(noisy, 2, RunSettings.in(folder, "shapes"));
        assertThat(result.folds())
                .allSatisfy(fold -> assertThat(fold.folder().resolve(dev.fovea.data.LabelNoise.FILE))
                        .exists());
    }

    @Test
    void aClassOfOneImageIsNamedBeforeAnythingIsTrained() {
        Dataset shapes = new Shapes(1, 90, 16);
        String rare = shapes.classes().get(shapes.label(0));
        int[] chosen = IntStream.range(0, 90)
                .filter(i -> i == 0 || shapes.label(i) != shapes.label(0))
                .toArray();
        Splits data = Splits.trainOnly(shapes.subset(chosen), List.of());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> run(data, 3, RunSettings.in(folder, "shapes")))
                .withMessage(
                        "folds: classes with a single image, '%s', would be missing in the training of a fold. Add images of them, or leave them out"
                                .formatted(rare));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aRecordedFoldThatCannotBeIsRefused() {
        for (String wrong : List.of("x", "0/3", "4/3", "1/", "99999999999/99999999999")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossValidation.part(data(), wrong, recipe()))
                    .withMessage("fold: expected one of several, such as 2/5, got '%s'".formatted(wrong));
        }
    }

    @Test
    void oneFoldIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(data(), 1, RunSettings.in(folder, "shapes")))
                .withMessageContaining("folds: expected 2 or more");
    }
}
