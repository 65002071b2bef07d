package dev.fovea.task.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.RunSettings;
import dev.fovea.run.TaskTypes;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.Tasks;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new task is a folder and a line: nothing of the library is edited for this one. */
class NewTaskTest {

    private static final TaskTypes TASKS = Tasks.ALL.and(CountingType.TYPE);
    private static final String NET = "conv 8 3, relu, conv 8 3, relu, flatten, dense 1";

    @TempDir
    private Path folder;

    private static Dataset dots(int count, long seed) {
        var random = new SplittableRandom(seed);
        var images = new ArrayList<Image>();
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[12 * 12];
            labels[i] = random.nextInt(5);
            for (int d = 0; d < labels[i]; d++) {
                pixels[(1 + 5 * (d / 2)) * 12 + 1 + 5 * (d % 2) + random.nextInt(3)] = (byte) 255;
            }
            images.add(new Image(12, 12, 1, pixels));
        }
        return Dataset.of(images, List.of("0", "1", "2", "3", "4"), labels);
    }

    private static Splits data() {
        return new Splits(dots(200, 1), dots(60, 2), Dataset.empty(dots(1, 1).classes()), List.of());
    }

    private static Recipe recipe(String... settings) {
        var all = new ArrayList<>(List.of(
                "task={type: counting}",
                "input.size=12",
                "input.channels=1",
                "epochs=12",
                "batch=20",
                "optimizer.lr=0.005",
                "precision=fp32"));
        all.addAll(List.of(settings));
        return TASKS.recipes().with(TASKS.recipe(NET), all);
    }

    private RunSettings settings(String name) {
        return RunSettings.in(folder, name);
    }

    private TrainingRun.Result trained() {
        return TASKS.train(recipe(), data(), settings("dots"));
    }

    @Test
    void isTrainedEvaluatedAskedAndReported() throws IOException {
        TrainingRun.Result run = trained();
        assertThat(run.validation().get("mae")).isLessThan(0.4);
        var saved = TASKS.load(run.folder(), "cpu");
        assertThat(saved.type()).isSameAs(CountingType.TYPE);
        assertThat(saved.evaluate(data().validation()).metrics()).isEqualTo(run.validation());
        Image four = dots(60, 2).image(labelled(4));
        assertThat((double) saved.predictor().predict(four).values().get("count"))
                .isBetween(3.0, 5.0);
        assertThat(Files.readString(run.folder().resolve("report.html"))).contains("counting", "dots");
        assertThat(Files.readString(run.folder().resolve("recipe.yaml"))).contains("type: counting");
        assertThat(Files.readString(run.folder().resolve("log.txt"))).contains("counted");
    }

    private static int labelled(int dots) {
        Dataset data = dots(60, 2);
        int i = 0;
        while (data.label(i) != dots) {
            i++;
        }
        return i;
    }

    @Test
    void goesOnLikeOneThatWasNotStopped() throws IOException {
        Path whole = trained().folder();
        var updates = new AtomicInteger();
        TrainingRun.Result part =
                TASKS.train(recipe(), data(), settings("part").withStop(() -> updates.incrementAndGet() == 25));
        assertThat(part.end()).isEqualTo(Listener.End.STOPPED);
        TASKS.resume(part.folder(), data(), settings("part"));
        assertThat(Files.readAllBytes(part.folder().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("model/model.safetensors")));
    }

    @Test
    void itsSettingsAreCheckedAndThoseItLacksRefused() {
        assertThat(recipe("task.weight=2").task()).isEqualTo(new Counting(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe("task.weight=0"))
                .withMessageContaining("task.weight must be above 0, got task.weight=0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe("task.wieght=2"))
                .withMessageContaining("unknown key 'task.wieght', did you mean 'task.weight'?");
    }

    @Test
    void isUnknownWhereItIsNotListed() {
        Path run = trained().folder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.load(run, "cpu"))
                .withMessageStartingWith("unknown task 'counting'");
    }
}
