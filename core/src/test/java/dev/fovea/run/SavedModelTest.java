package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelTest {

    private static final Path PACKAGES = Path.of("src/test/resources/packages");

    @TempDir
    Path folder;

    private void model(String place) throws IOException {
        Path to = Files.createDirectories(folder.resolve(place));
        try (var files = Files.list(PACKAGES.resolve("detect"))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void modelsAreFoundBesideAnyNumberOfImages() throws IOException {
        for (String data : new String[] {"a/train/cat", "a/train/dog", "photos"}) {
            Path images = Files.createDirectories(folder.resolve(data));
            for (int i = 0; i < 7000; i++) {
                Files.createFile(images.resolve(i + ".png"));
            }
        }
        model("runs/cells-1/model");
        Files.createFile(folder.resolve("runs/cells-1/recipe.yaml"));
        model("shared/models/of/2024");
        model("too/deep/to/be/found");
        assertThat(SavedModel.in(folder))
                .extracting(one -> folder.relativize(one.path()) + " " + one.kind())
                .containsExactlyInAnyOrder("runs/cells-1 RUN", "shared/models/of/2024 PACKAGE");
    }
}
