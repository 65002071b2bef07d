package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.io.FormatException;
import dev.fovea.task.Tasks;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be known to be wrong is said before an image is read, which can take minutes. */
class EarlyRefusalTest {

    @TempDir
    private Path folder;

    @Test
    void weightsThatAreNone() throws IOException {
        Path file = Files.writeString(folder.resolve("weights.safetensors"), "no weights at all");
        var settings = RunSettings.in(folder, "run").withWeights(List.of(file));
        var recipe = Tasks.ALL.recipes().of("cifar-cnn", List.of());
        var data = new Splits(new Unread(), new Unread(), new Unread(), List.of());
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Tasks.ALL.train(recipe, data, settings))
                .withMessageStartingWith(file + ": not a safetensors file, or damaged");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Tasks.ALL.findRate(recipe, data, settings))
                .withMessageStartingWith(file + ": not a safetensors file, or damaged");
    }

    @Test
    void aCheckpointThatIsNone() throws IOException {
        var run = new RunFolder(folder.resolve("run-1"));
        Files.createDirectories(run.last().getParent());
        RecipeFile.write(run.recipe(), Tasks.ALL.recipes().of("cifar-cnn", List.of()));
        Files.writeString(run.last(), "no checkpoint at all");
        var data = new Splits(new Unread(), new Unread(), new Unread(), List.of());
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Tasks.ALL.resume(run.path(), data, RunSettings.in(folder, "run")))
                .withMessageStartingWith(run.last() + ": not a safetensors file, or damaged");
    }

    @Test
    void aBatchThatIsTooLarge() {
        var recipe =
                Tasks.ALL.recipes().of("cifar-cnn", List.of("input.size=4096", "batch=4096", "input.normalize=data"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Inputs.of(recipe, new Unread()))
                .withMessageMatching("batch: 4,096 images of 4096x4096x3 take 196,608 MB, a batch may take .*");
    }

    /** Whose images would take long to read. */
    private static final class Unread implements Dataset {
        @Override
        public List<String> classes() {
            return List.of("a", "b");
        }

        @Override
        public int size() {
            return 10_000;
        }

        @Override
        public Target target(int index) {
            return new Target.Label(index % 2);
        }

        @Override
        public String name(int index) {
            return "image " + index;
        }

        @Override
        public Image image(int index) {
            throw new AssertionError("image " + index + " was read");
        }
    }
}
