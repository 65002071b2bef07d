package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.io.ClosedFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFilesTest {

    @TempDir
    Path folder;

    private Path root;
    private ClosedFolder closed;

    @AfterEach
    void open() {
        closed.close();
    }

    @BeforeEach
    void images() throws IOException {
        root = Files.createDirectory(folder.toRealPath().resolve("work"));
        closed = ClosedFolder.of(root);
        for (String name : new String[] {"work/flowers/rose/1.png", "secret/a/1.png"}) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        }
    }

    private Path list(String text) throws IOException {
        return Files.writeString(root.resolve("list.csv"), text.replace("ROOT", folder.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "path,label\nflowers/rose/1.png,x\nROOT/secret/a/1.png,y\n",
                "path,label\nflowers/rose/1.png,x\n../secret/a/1.png,y\n",
                "path,label\nflowers/rose/1.png,x\n../secret/none.png,y\n",
                "path,label\nflowers/rose/1.png,x\n..\\secret\\a\\1.png,y\n",
                "../secret/a/1.png,y\n",
                "label;file\nx;flowers/rose/1.png\ny;../secret/a/1.png\n",
                "image,age\nflowers/rose/1.png,3\n../secret/a/1.png,4\n",
                "path,label,left,top,right,bottom\n../secret/a/1.png,x,0,0,2,2\n",
                "path,label\n../secret/a,x\n",
                "path,label\nlinked/1.png,x\n"
            })
    void aListThatNamesFilesOutsideIsFound(String text) throws IOException {
        Files.createSymbolicLink(root.resolve("linked"), folder.resolve("secret/a"));
        assertThat(DataFiles.outside(list(text))).isPresent();
    }

    @Test
    void aListOfFilesInsideIsNot() throws IOException {
        Files.createSymbolicLink(root.resolve("in"), root.resolve("flowers"));
        Path list = list("path,label,note\nflowers/rose/1.png,x,../secret\nin/rose/1.png,y,/etc\nnone.png,z,\n");
        assertThat(DataFiles.outside(list)).isEmpty();
        assertThat(DataFiles.outside(root.resolve("none.csv"))).isEmpty();
    }

    @Test
    void linksThatLeadOutAreFoundAndNotFollowed() throws IOException {
        assertThat(DataFiles.outside(root.resolve("flowers"))).isEmpty();
        Path link = Files.createSymbolicLink(root.resolve("flowers/tulip"), folder.resolve("secret/a"));
        assertThat(DataFiles.outside(root.resolve("flowers"))).contains(link);
        Files.delete(link);
        Path file = Files.createSymbolicLink(root.resolve("flowers/rose/2.png"), folder.resolve("secret/a/1.png"));
        assertThat(DataFiles.outside(root.resolve("flowers"))).contains(file);
        Files.delete(file);
        Files.createSymbolicLink(root.resolve("flowers/again"), root.resolve("flowers")); // a loop, and inside
        assertThat(DataFiles.outside(root.resolve("flowers"))).isEmpty();
        assertThat(DataFiles.outside(folder.resolve("secret")))
                .as("in no closed folder")
                .isEmpty();
    }

    @Test
    void annotationsCountWithTheImagesAroundThem() throws IOException {
        Path json = Files.writeString(root.resolve("flowers/_annotations.coco.json"), "{\"images\": []}");
        assertThat(DataFiles.outside(json)).isEmpty();
        Files.createSymbolicLink(root.resolve("flowers/more"), folder.resolve("secret/a"));
        assertThat(DataFiles.outside(json)).isPresent();
    }
}
