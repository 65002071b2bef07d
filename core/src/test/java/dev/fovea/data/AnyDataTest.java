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

/** Data that is opened for looking at it, whatever it is. */
class AnyDataTest {

    @TempDir
    Path folder;

    private void images(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        }
    }

    private Dataset opened(String name) {
        return Data.openAny(folder.resolve(name).toString()).train();
    }

    private Path list(String text) throws IOException {
        return Files.writeString(folder.resolve("list.csv"), text);
    }

    @Test
    void classesAndImagesWithoutThem() throws IOException {
        images("flowers/rose/1.png", "flowers/tulip/1.png", "photos/1.png", "photos/2.png");
        assertThat(opened("flowers").classes()).containsExactly("rose", "tulip");
        assertThat(opened("photos").classes()).isEqualTo(Data.UNLABELLED);
        assertThat(Data.openAny("shapes").train().size()).isPositive();
    }

    @Test
    void tablesOfClassesBoxesAndNumbers() throws IOException {
        images("1.png", "2.png");
        list("path,label,place\n1.png,rose,here\n2.png,tulip,there\n");
        assertThat(opened("list.csv").classes()).containsExactly("rose", "tulip");
        list("path,label,left,top,right,bottom\n1.png,rose,0,0,2,2\n2.png,,,,,\n");
        assertThat(opened("list.csv").target(0)).isInstanceOf(Target.Objects.class);
        list("path,age,height,name\n1.png,3,1.5,a\n2.png,4,2.5,b\n");
        assertThat(opened("list.csv").classes()).containsExactly("age", "height");
        assertThat(opened("list.csv").targetText(1)).contains("4").contains("2.5");
    }

    @Test
    void whatIsNoneOfThemSaysWhatWasExpectedFirst() throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> opened("empty"))
                .withMessage(folder.resolve("empty") + ": is empty. Expected one folder per class with images in it");
        list("time,loss\n1,2\n");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> opened("list.csv"))
                .withMessageContaining("list.csv");
    }
}
