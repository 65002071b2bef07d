package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.train.RunFolder;
import dev.fovea.train.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTrashTest {

    @TempDir
    private Path folder;

    private Path run(String name) throws IOException {
        Path run =
                Files.createDirectories(folder.resolve(name).resolve("model")).getParent();
        Files.writeString(run.resolve("recipe.yaml"), "model: cifar-cnn\n");
        Files.writeString(run.resolve("model/config.json"), "{}");
        return run;
    }

    @Test
    void aRemovedRunComesBackAsItWas() throws IOException {
        Path run = run("a-1");
        var trash = new RunTrash(folder);
        String id = trash.put(run);
        assertThat(run).doesNotExist();
        assertThat(Runs.in(folder)).isEmpty();
        assertThat(trash.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.id()).isEqualTo(id);
            assertThat(entry.name()).isEqualTo("a-1");
            assertThat(entry.bytes()).isEqualTo("model: cifar-cnn\n{}".length());
        });
        assertThat(trash.restore(id)).isEqualTo(run);
        assertThat(run.resolve("model/config.json")).hasContent("{}");
        assertThat(folder.resolve(".trash")).doesNotExist();
    }

    @Test
    void doesNotReplaceARunThatHasTheNameByNow() throws IOException {
        var trash = new RunTrash(folder);
        String id = trash.put(run("a-1"));
        Path other = run("a-1");
        Files.writeString(other.resolve("log.txt"), "mine");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trash.restore(id))
                .withMessage(
                        other + ": another run has this name by now. Rename its folder to bring the removed one back");
        assertThat(other.resolve("log.txt")).hasContent("mine");
        assertThat(trash.entries()).hasSize(1);
    }

    @Test
    void keepsTwoOfOneNameApart() throws IOException {
        var trash = new RunTrash(folder);
        String first = trash.put(run("a-1"));
        String second = trash.put(run("a-1"));
        assertThat(first).isNotEqualTo(second);
        assertThat(trash.entries()).hasSize(2);
    }

    @Test
    void emptiesWhatIsOldEnough() throws IOException {
        var trash = new RunTrash(folder);
        String id = trash.put(run("a-1"));
        assertThat(trash.empty(Duration.ofHours(1))).isEmpty();
        assertThat(trash.empty(Duration.ZERO)).isEqualTo(List.of("a-1"));
        assertThat(folder.resolve(".trash")).doesNotExist();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trash.restore(id))
                .withMessageContaining("there is no removed run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../a-1", "", "1-1/../..", "/etc", "1-zz"})
    void anIdIsNoPath(String id) throws IOException {
        run("a-1");
        new RunTrash(folder).put(run("b-1"));
        assertThatIllegalArgumentException().isThrownBy(() -> new RunTrash(folder).restore(id));
        assertThat(folder.resolve("a-1")).exists();
    }

    @Test
    void takesNeitherARunThatIsBeingTrainedNorAFolderThatIsNone() throws IOException {
        Path run = run("a-1");
        try (var lock = RunLock.of(new RunFolder(run))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RunTrash.beside(run).put(run))
                    .withMessage(run + ": is being trained. Stop it first");
        }
        Path other = Files.createDirectories(folder.resolve("photos"));
        assertThatIllegalArgumentException().isThrownBy(() -> new RunTrash(folder).put(other));
        assertThatIllegalArgumentException().isThrownBy(() -> new RunTrash(other).put(run));
        assertThat(run).exists();
    }
}
