package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFoldersTest {

    @TempDir
    Path folder;

    private void image(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }

    private void file(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), "");
    }

    /** A run with figures, one that has just begun, a model and a report beside two class folders. */
    private void workspace() throws IOException {
        image("rose/1.png");
        image("tulip/1.png");
        image("runs/a-1/loss.png");
        image("runs/a-1/samples/1.png");
        file("runs/a-1/recipe.yaml");
        file("runs/a-1/environment.json");
        file("runs/b-1/recipe.yaml");
        Files.createDirectory(folder.resolve("runs/b-1/checkpoints"));
        image("best/card.png");
        file("best/model.safetensors");
        file("best/config.json");
        image("seen/matrix.png");
        file("seen/report.html");
    }

    @Test
    void areKnownByWhatTheyHold() throws IOException {
        workspace();
        assertThat(OutputFolders.kind(folder.resolve("runs/a-1"))).contains("run");
        assertThat(OutputFolders.kind(folder.resolve("runs/b-1"))).contains("run");
        assertThat(OutputFolders.kind(folder.resolve("best"))).contains("model");
        assertThat(OutputFolders.kind(folder.resolve("seen"))).contains("report");
        assertThat(OutputFolders.kind(folder.resolve("rose"))).isEmpty();
        assertThat(OutputFolders.kind(folder)).isEmpty();
    }

    @Test
    void areNoClassesOfTheFolderAroundThem() throws IOException {
        workspace();
        Splits data = Data.open(folder.toString(), Data.Options.of());
        assertThat(data.train().classes()).containsExactly("rose", "tulip");
        assertThat(data.notes())
                .containsExactly("left out: %s (a model that was written here, no data, and 3 more such folders)"
                        .formatted(folder.resolve("best")));
        assertThat(Data.images(folder)).hasSize(2);
    }

    @Test
    void areReadWhenTheyAreNamedThemselves() throws IOException {
        workspace();
        image("runs/a-1/samples/2.png");
        assertThat(Data.openAny(folder.resolve("runs/a-1/samples").toString())
                        .train()
                        .size())
                .isEqualTo(2);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Data.open(folder.resolve("runs").toString(), Data.Options.of()))
                .withMessage(folder.resolve("runs")
                        + ": holds nothing beside runs and models. Expected one folder per class with images in it");
    }
}
