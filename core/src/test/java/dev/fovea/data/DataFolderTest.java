package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path folder;

    private void file(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private String kind(String name) {
        DataFolder.Entry entry = DataFolder.entry(folder.resolve(name), path -> false);
        return "%s %s %s %s".formatted(entry.kind(), entry.classes(), entry.images(), entry.folders());
    }

    @Test
    void showsFoldersAndWhatCanBeData() throws IOException {
        file("flowers/rose/1.jpg", "");
        file("flowers/tulip/1.jpg", "");
        file("deep/er/1.jpg", "");
        file("runs/a-1/recipe.yaml", "");
        file("runs/a-1/environment.json", "");
        file(".hidden/rose/1.jpg", "");
        file("1.jpg", "");
        file("faces.zip", "");
        file("list.csv", "path,label\n");
        file("notes.csv", "time,loss\n");
        file("boxes.json", "{\"info\": {}, \"images\": []}");
        file("package.json", "{\"name\": \"x\"}");
        file("data.yaml", "train: images\nnames: [a]\n");
        file("notes.txt", "");
        Path other = Files.createDirectory(folder.resolve("other"));
        DataFolder found = DataFolder.of(folder, other::equals);
        assertThat(found.folders())
                .containsExactly(folder.resolve("deep"), folder.resolve("flowers"), folder.resolve("runs"));
        assertThat(found.files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("boxes.json", "data.yaml", "faces.zip", "list.csv");
        assertThat(found)
                .returns(1, DataFolder::images)
                .returns(3, DataFolder::others)
                .returns(1, DataFolder::passed)
                .returns(false, DataFolder::cut);
    }

    @Test
    void saysWhatEachSeemsToBe() throws IOException {
        file("flowers/rose/1.jpg", "");
        file("flowers/tulip/1.jpg", "");
        file("flowers/tulip/2.jpg", "");
        file("deep/flowers/rose/1.jpg", "");
        file("deep/2.jpg", "");
        file("runs/a-1/recipe.yaml", "");
        file("runs/a-1/environment.json", "");
        file("faces.tar.gz", "");
        file(
                "flowers.corrected.json",
                "{\"info\": {\"corrects\": \"flowers\", \"targets\": \"objects\"}, \"images\": []}");
        assertThat(kind("flowers")).isEqualTo("classes 2 3 2");
        assertThat(kind("deep")).isEqualTo("folder 0 1 1");
        assertThat(kind("runs")).isEqualTo("folder 0 0 1");
        assertThat(kind("runs/a-1")).isEqualTo("run 0 0 0");
        assertThat(kind("faces.tar.gz")).isEqualTo("archive 0 0 0");
        assertThat(kind("flowers.corrected.json")).isEqualTo("corrected 0 0 0");
    }

    @Test
    void aFolderThatIsNotThereSaysSo() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> DataFolder.of(folder.resolve("none"), path -> false))
                .withMessageStartingWith(folder.resolve("none") + ": cannot be listed");
    }

    /** Annotations of single images would all be opened, each time that the folder is looked at. */
    @Test
    void looksIntoNoMoreThanAFewHundredFiles() throws IOException {
        file("rose.zip", "");
        for (int i = 0; i < 520; i++) {
            file(String.format(java.util.Locale.ROOT, "%03d.json", i), "{\"images\": []}");
        }
        DataFolder found = DataFolder.of(folder, path -> false);
        assertThat(found.files()).hasSize(501).contains(folder.resolve("rose.zip"), folder.resolve("499.json"));
        assertThat(found.others()).isEqualTo(20);
    }
}
