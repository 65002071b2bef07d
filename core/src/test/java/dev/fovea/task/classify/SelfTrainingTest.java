package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.Stripes;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Relabelled;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Splits;
import dev.fovea.optim.Optimizer;
import dev.fovea.run.RunFacts;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.InputSize;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfTrainingTest {

    @TempDir
    Path folder;

    private static Recipe recipe() {
        return Tasks.ALL
                .recipe("conv 12 3 pad=same, relu, maxpool 2, conv 24 3, relu, maxpool 2, flatten, dense classes")
                .withEpochs(30)
                .withOptimizer(Optimizer.adam(5e-3))
                .withBatch(16)
                .withInput(new Recipe.Input(InputSize.square(16), 3, 1, ResizePolicy.STRETCH, Recipe.Normalize.DATA));
    }

    private static Splits few() {
        var train = new Stripes(1, 48);
        return new Splits(train, new Stripes(2, 60), Dataset.empty(train.classes()), List.of());
    }

    /** Whose labels are all the same, so that one who looked at them would learn nothing. */
    private static Dataset unlabelled(int size) {
        return new Relabelled(new Stripes(3, size), List.of("images"), Collections.nCopies(size, 0));
    }

    @Test
    void imagesThatTheFirstRunIsSureOfAreLearnedByTheSecond() throws IOException {
        var result = SelfTraining.run(recipe(), few(), unlabelled(300), 0.8, RunSettings.in(folder, "run"));
        Path second = result.last().folder();
        List<String> lines = Files.readAllLines(second.resolve(SelfTraining.FILE));
        assertThat(result.labelled()).isBetween(60, 300).isEqualTo(lines.size() - 1);
        assertThat(lines.get(0)).isEqualTo("name,label,probability");
        var truth = new Stripes(3, 300);
        long right = lines.stream()
                .skip(1)
                .map(line -> line.split(","))
                .filter(line -> truth.classes()
                        .get(truth.label(Integer.parseInt(line[0].substring(line[0].lastIndexOf('-') + 1))))
                        .equals(line[1]))
                .count();
        assertThat(right).isGreaterThan(result.labelled() * 8L / 10);
        assertThat(RunFacts.read(second).orElseThrow().seen().train().images())
                .as("true labels and pseudo-labels")
                .isEqualTo(48 + result.labelled());
        assertThat(accuracy(second))
                .isGreaterThan(accuracy(result.first().orElseThrow().folder()) - 0.03);
    }

    @Test
    void imagesWithTrueLabelsAreShownMoreOftenWhereTheyAreFew() {
        var result =
                SelfTraining.run(recipe().withEpochs(2), few(), unlabelled(700), 0.05, RunSettings.in(folder, "run"));
        assertThat(result.labelled()).isEqualTo(700);
        assertThat(RunFacts.read(result.last().folder())
                        .orElseThrow()
                        .seen()
                        .train()
                        .images())
                .isEqualTo(3 * 48 + 700);
    }

    @Test
    void aTeacherLabelsAllImagesForItsStudent() {
        var first = Tasks.ALL.train(recipe(), few(), RunSettings.in(folder, "teacher"));
        Classification task = Classification.PLAIN.withDistillation(
                Distillation.from(first.folder().toString()));
        var result = SelfTraining.run(
                recipe().withTask(task), few(), unlabelled(300), 0.99, RunSettings.in(folder, "student"));
        assertThat(result.first()).isEmpty();
        assertThat(result.labelled()).isEqualTo(300);
        assertThat(RunFacts.read(result.last().folder())
                        .orElseThrow()
                        .seen()
                        .train()
                        .images())
                .isEqualTo(48 + 300);
        assertThat(accuracy(result.last().folder())).isGreaterThan(accuracy(first.folder()) - 0.03);
    }

    private static double accuracy(Path run) {
        return Classifier.load(run).evaluate(new Stripes(5, 300)).result().accuracy();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 12}) // steps: 3 an epoch in the first run of two epochs, more in the second
    void whicheverRunWasStoppedBothComeToTheSame(int steps) throws IOException {
        Recipe recipe = recipe().withEpochs(2);
        var whole = SelfTraining.run(recipe, few(), unlabelled(300), 0.05, RunSettings.in(folder, "whole"));
        var count = new AtomicInteger();
        RunSettings settings = RunSettings.in(folder, "run");
        var stopped = SelfTraining.run(
                recipe, few(), unlabelled(300), 0.05, settings.withStop(() -> count.incrementAndGet() > steps));
        assertThat(stopped.last().end()).isEqualTo(Listener.End.STOPPED);
        assertThat(Files.exists(stopped.last().folder().resolve(SelfTraining.FILE)))
                .isEqualTo(steps > 4);
        var again = SelfTraining.resume(
                Tasks.ALL,
                stopped.last().folder(),
                few(),
                unlabelled(300),
                0.05,
                RunSettings.in(folder.resolve("elsewhere"), "other"));
        assertThat(again.last().folder()).isEqualTo(folder.resolve("run-2"));
        assertThat(again.labelled()).isEqualTo(300);
        assertThat(again.last().end()).isEqualTo(Listener.End.FINISHED);
        assertThat(Files.readAllBytes(again.last().folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.last().folder().resolve("model/model.safetensors")));
    }

    @Test
    void imagesThatAreGoneAreNamed() {
        var result =
                SelfTraining.run(recipe().withEpochs(1), few(), unlabelled(60), 0.05, RunSettings.in(folder, "run"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> SelfTraining.resume(
                        Tasks.ALL, result.last().folder(), few(), unlabelled(20), 0.05, RunSettings.in(folder, "run")))
                .withMessageContaining("pseudo-labels.csv:22: the image '")
                .withMessageEndingWith("is not in the data. Name the data that the run was begun with");
    }

    @Test
    void nothingToBeSureOfIsSaidInASentence() {
        RunSettings settings = RunSettings.in(folder, "run");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> SelfTraining.run(recipe().withEpochs(1), few(), unlabelled(20), 0.999999, settings))
                .withMessageContaining("gives none of the 20 images without labels a probability of 0.999999 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SelfTraining.run(recipe(), few(), unlabelled(20), 1, settings))
                .withMessageContaining("confidence: expected a probability above 0 and below 1, got 1.0");
    }
}
