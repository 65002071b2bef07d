package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.models.Models;
import dev.fovea.run.TaskType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TasksTest {

    private static final List<Path> SOURCES = List.of(Path.of("src/main/java"), Path.of("../cli/src/main/java"));

    /** Names of commands, keys of COCO, folders of masks, layers and networks: not those of tasks even where they are the same word. */
    private static final List<String> OTHERS = List.of(
            "AnomalyCommand.java",
            "Main.java",
            "CocoJson.java",
            "CocoWriter.java",
            "MaskLayout.java",
            "Embedding.java",
            "EmbeddingNet.java",
            "DiffusionUNet.java");

    private static Stream<Path> sources() {
        return SOURCES.stream().flatMap(root -> {
            try (Stream<Path> files = Files.walk(root)) {
                return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /** Files outside the folder of a task in which {@code forbidden} is found. */
    private static List<String> found(TaskType<?> type, Pattern forbidden) {
        Path home = Path.of(type.getClass().getPackageName().replace('.', '/'));
        return sources()
                .filter(file -> !file.getParent().endsWith(home)
                        && !OTHERS.contains(file.getFileName().toString()))
                .filter(file -> forbidden.matcher(text(file)).find())
                .map(file -> file.getFileName().toString())
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aTaskIsNamedInItsFolderOnly() {
        for (TaskType<?> type : Tasks.ALL.all()) {
            assertThat(found(type, Pattern.compile("\"" + Pattern.quote(type.word()) + "\"")))
                    .as(type.word())
                    .isEmpty();
        }
    }

    @Test
    void nobodyElseAsksForTheClassOfATask() {
        for (TaskType<?> type : Tasks.ALL.all()) {
            String settings = type.settings().getSimpleName();
            assertThat(found(type, Pattern.compile("instanceof " + settings + "\\b|\\(\\(?" + settings + "\\) ")))
                    .as(settings)
                    .isEmpty();
        }
    }

    @Test
    void everyNetworkOfTheRegistryIsForOneTask() {
        assertThat(Models.all())
                .allSatisfy(entry -> assertThat(Tasks.ALL.ofModel(entry.name()).network())
                        .as(entry.name())
                        .isEqualTo(entry.config().network()));
        assertThat(Tasks.ALL.ofModel("conv 4 3, relu, flatten, dense classes").word())
                .isEqualTo("classification");
        assertThat(Tasks.ALL
                        .ofModel("flatten, dense 4 -> dense 64, reshape 1 8 8")
                        .word())
                .isEqualTo("reconstruction");
    }

    @Test
    void anUnknownTaskIsAnErrorWithTheNearestName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tasks.ALL.of("difusion"))
                .withMessageStartingWith("unknown task 'difusion', did you mean 'diffusion'?");
    }
}
