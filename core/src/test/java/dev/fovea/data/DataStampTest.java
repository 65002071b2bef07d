package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataStampTest {

    private static final FileTime BEFORE = FileTime.fromMillis(1_600_000_000_000L);

    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        Files.createDirectories(folder.resolve("flowers/rose"));
        Files.writeString(folder.resolve("flowers/rose/1.jpg"), "1");
        Files.createDirectories(folder.resolve("runs/a-1/checkpoints"));
        Files.writeString(folder.resolve("runs/a-1/recipe.yaml"), "");
        for (String name : new String[] {"flowers/rose", "flowers", "runs/a-1", "runs"}) {
            Files.setLastModifiedTime(folder.resolve(name), BEFORE); // what comes next has another time for certain
        }
    }

    @Test
    void changesWithImagesThatComeAndGo() throws IOException {
        DataStamp before = DataStamp.of(folder.resolve("flowers"));
        assertThat(DataStamp.of(folder.resolve("flowers"))).isEqualTo(before);
        Files.writeString(folder.resolve("flowers/rose/2.jpg"), "2");
        DataStamp more = DataStamp.of(folder.resolve("flowers"));
        assertThat(more).isNotEqualTo(before);
        Files.createDirectory(folder.resolve("flowers/tulip"));
        assertThat(DataStamp.of(folder.resolve("flowers"))).isNotEqualTo(more);
    }

    @Test
    void staysAsRunsAndCorrectionsAreWrittenInTheFolderItself() throws IOException {
        DataStamp before = DataStamp.of(folder);
        Files.writeString(folder.resolve("workspace.corrections.csv"), "path,part,finding\n");
        Files.writeString(folder.resolve("flowers.corrected.json"), "{}");
        Files.createDirectory(folder.resolve(".fovea"));
        Files.writeString(folder.resolve("runs/a-1/loss.png"), "");
        assertThat(DataStamp.of(folder)).isEqualTo(before);
        Files.writeString(folder.resolve("flowers/rose/2.jpg"), "2");
        assertThat(DataStamp.of(folder)).isNotEqualTo(before);
    }

    @Test
    void ofAFileIsItsTimeAndSize() throws IOException {
        Path list = Files.writeString(folder.resolve("list.csv"), "a");
        Files.setLastModifiedTime(list, BEFORE);
        DataStamp before = DataStamp.of(list);
        Files.writeString(list, "ab");
        Files.setLastModifiedTime(list, BEFORE);
        assertThat(DataStamp.of(list)).isNotEqualTo(before);
        assertThat(DataStamp.of(folder.resolve("none"))).isEqualTo(DataStamp.of(folder.resolve("neither")));
    }
}
