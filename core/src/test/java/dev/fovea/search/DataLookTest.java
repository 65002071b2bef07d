package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.DataException;
import dev.fovea.data.Shapes;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.run.DataRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLookTest {

    private static final int IMAGES = 60;

    @TempDir
    private Path folder;

    /** A table of images, one row each. */
    private DataRequest table(String head, IntFunction<String> cells) throws IOException {
        var shapes = new Shapes(1, IMAGES, 24);
        var text = new StringBuilder(head);
        for (int i = 0; i < IMAGES; i++) {
            Image.write(folder.resolve(i + ".png"), shapes.image(i).toBufferedImage());
            text.append('\n').append(i).append(".png,").append(cells.apply(i));
        }
        Path file = Files.writeString(folder.resolve("table.csv"), text.append('\n'));
        return DataRequest.of(file.toString());
    }

    @Test
    void classesOfImages() throws IOException {
        DataLook look = DataLook.at(table("path,label", i -> i % 6 == 0 ? "cat" : "dog"), List.of());
        assertThat(look.kind()).isEqualTo(TargetKind.ONE_CLASS);
        assertThat(look.task()).isEqualTo("classification");
        assertThat(look.classes()).containsExactly("cat", "dog");
        assertThat(look.fewest()).isEqualTo(10);
        assertThat(look.most()).isEqualTo(50);
        assertThat(look.isUneven()).isTrue();
        assertThat(look.words())
                .isEqualTo(
                        "60 training images, colour, 24 x 24 pixels; one of 2 classes each, 10 to 50 training images a class: classification");
    }

    @Test
    void fewWholeNumbersAreClassesAndAllOthersNumbers() throws IOException {
        assertThat(DataLook.at(table("path,label", i -> "" + i % 10), List.of()).task())
                .isEqualTo("classification");
        DataLook ages = DataLook.at(table("path,age", i -> "" + (20 + i)), List.of());
        assertThat(ages.task()).isEqualTo("regression");
        assertThat(ages.taskSettings()).containsExactly("task.type=regression");
        assertThat(DataLook.at(DataRequest.of(folder.resolve("table.csv") + ":train"), List.of())
                        .task())
                .isEqualTo("regression");
        assertThat(DataLook.at(table("path,share", i -> "0." + i % 3), List.of())
                        .task())
                .isEqualTo("regression");
        assertThat(DataLook.at(table("path,label", i -> "" + i % 10), List.of("label"))
                        .task())
                .isEqualTo("regression");
    }

    @Test
    void severalLabelsAnImage() throws IOException {
        DataLook look = DataLook.at(table("path,labels", i -> i % 2 == 0 ? "a|b" : i % 3 == 0 ? "" : "b"), List.of());
        assertThat(look.task()).isEqualTo("multi-label");
        assertThat(look.classes()).containsExactly("a", "b");
    }

    @Test
    void severalColumnsOfNumbersAreAskedFor() throws IOException {
        DataRequest request = table("path,age,height", i -> i + "," + (150 + i));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> DataLook.at(request, List.of()))
                .withMessageContaining("which numbers are to be learned?")
                .withMessageContaining("age, height");
        DataLook look = DataLook.at(request, List.of("height"));
        assertThat(look.taskSettings()).containsExactly("task.type=regression", "task.targets=['height']");
    }

    @Test
    void greyIsSeenInColourFiles() throws IOException {
        Path grey = Files.createDirectories(folder.resolve("grey/a"));
        Path other = Files.createDirectories(folder.resolve("grey/b"));
        Image image = new Shapes(1, 1, 24).image(0).toGray().toRgb();
        Image.write(grey.resolve("1.png"), image.toBufferedImage());
        Image.write(
                other.resolve("2.png"),
                image.resize(30, 48, dev.fovea.image.Filter.BILINEAR).toBufferedImage());
        DataLook look = DataLook.at(DataRequest.of(folder.resolve("grey").toString()), List.of());
        assertThat(look.grey()).isTrue();
        assertThat(look.sameSize()).isFalse();
        assertThat(look.isUneven()).isFalse();
    }

    @Test
    void clipsAreRefused() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> DataLook.at(DataRequest.of("moving-shapes"), List.of()))
                .withMessageContaining("clips");
    }
}
