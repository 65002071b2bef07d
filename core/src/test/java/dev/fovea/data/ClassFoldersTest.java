package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {

    @TempDir
    Path folder;

    private void image(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Image.write(file, new Shapes(1, 1, 16).image(0));
    }

    private Path of(String label) {
        return ClassFolders.of(folder, Data.openAny(folder.toString()).train(), label);
    }

    @Test
    void imagesOfAClassLieTogetherAndThoseOfANewOneBesideThem() throws IOException {
        image("train/rose/deeper/1.png");
        image("train/tulip/1.png");
        image("val/rose/2.png");
        image("val/tulip/2.png");
        assertThat(of("rose")).isEqualTo(folder.resolve("train/rose"));
        assertThat(of("tulip")).isEqualTo(folder.resolve("train/tulip"));
        assertThat(of("lily")).isEqualTo(folder.resolve("train/lily")).doesNotExist();
    }

    @Test
    void aListHasNoClassFolders() throws IOException {
        image("photos/1.png");
        image("photos/2.png");
        Path list =
                Files.writeString(folder.resolve("list.csv"), "path,label\nphotos/1.png,rose\nphotos/2.png,tulip\n");
        Dataset images = Data.openAny(list.toString()).train();
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> ClassFolders.of(list, images, "rose"))
                .withMessage(
                        list + ": has no class folders, so no images can be added to it. Make a new data set of them");
    }
}
