package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelTest {

    private static final Path RECORDED = Path.of("src/test/resources/packages/classify/registry");

    @TempDir
    private Path folder;

    private Path model(String name) throws IOException {
        Path model = Files.createDirectories(folder.resolve(name));
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(RECORDED.resolve(file), model.resolve(file));
        }
        return model;
    }

    @Test
    void modelsAreFoundThoughManyImagesLieBeforeThem() throws IOException {
        for (int c = 0; c < 11; c++) {
            Path images = Files.createDirectories(folder.resolve("cifar/train/class-" + c));
            for (int i = 0; i < 2000; i++) {
                Files.createFile(images.resolve(i + ".png"));
            }
        }
        Path flat = Files.createDirectories(folder.resolve("faces"));
        for (int i = 0; i < 3000; i++) {
            Files.createFile(flat.resolve(i + ".png"));
        }
        Path run = model("runs/flowers-1");
        Path deep = model("shared/by/birds");
        model("shared/by/others/who/are/too-deep");
        assertThat(SavedModel.in(folder)).extracting(SavedModel::path).containsExactlyInAnyOrder(run, deep);
    }
}
