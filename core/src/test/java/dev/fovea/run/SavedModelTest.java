package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelTest {

    private static final Path PACKAGE = Path.of("src/test/resources/packages/classify/layers");

    @TempDir
    private Path folder;

    @Test
    void runsAreFoundBesideAnyNumberOfImages() throws IOException {
        for (int split = 0; split < 11; split++) {
            Path images = Files.createDirectories(folder.resolve("images/train/class-" + split));
            for (int i = 0; i < 2001; i++) {
                Files.createFile(images.resolve(i + ".png"));
            }
        }
        Path run = Files.createDirectories(folder.resolve("runs/flowers-1/model"));
        Files.writeString(run.resolveSibling("recipe.yaml"), "");
        try (var files = Files.list(PACKAGE)) {
            for (Path file : files.toList()) {
                Files.copy(file, run.resolve(file.getFileName()));
            }
        }
        assertThat(SavedModel.in(folder))
                .singleElement()
                .satisfies(found -> assertThat(found.path()).isEqualTo(folder.resolve("runs/flowers-1")))
                .satisfies(found -> assertThat(found.kind()).isEqualTo(SavedModel.Kind.RUN));
    }
}
