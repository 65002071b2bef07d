package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.MovingShapes;
import dev.fovea.data.Splits;
import dev.fovea.run.answers.Column;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageColumnsTest {

    @TempDir
    Path folder;

    private void image(String name, int width, int height, int grey) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, grey * 0x010101);
            }
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    private Splits data() throws IOException {
        image("rose/1.png", 10, 20, 0);
        image("rose/2.png", 30, 20, 100);
        image("tulip/1.png", 40, 20, 250);
        Files.writeString(folder.resolve("tulip/2.png"), "no image");
        return Data.open(folder.toString(), Data.Options.of());
    }

    private static List<Double> numbers(List<Column> columns, String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .map(column -> ((Column.Numbers) column).values())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void imagesAreMeasuredPartByPart() throws IOException {
        Splits data = data();
        var parts = new Splits(
                data.train().subset(1, 3), data.train().subset(2), data.train().subset(0), List.of());
        List<Column> columns = ImageColumns.measured(parts, ProgressWatch.NONE);
        assertThat(numbers(columns, "width")).containsExactly(30.0, Double.NaN, 40.0, 10.0);
        assertThat(numbers(columns, "pixels")).containsExactly(600.0, Double.NaN, 800.0, 200.0);
        assertThat(numbers(columns, "shape")).containsExactly(1.5, Double.NaN, 2.0, 0.5);
        assertThat(numbers(columns, "brightness")).containsExactly(100.0, Double.NaN, 250.0, 0.0);
        assertThat(numbers(columns, "bytes").get(0)).isEqualTo(Files.size(folder.resolve("rose/2.png")));
        assertThat(ImageColumns.measures())
                .containsAll(columns.stream().map(Column::name).toList());
    }

    @Test
    void whatAllShareIsLeftOut() throws IOException {
        Splits data = data();
        List<Column> columns =
                ImageColumns.measured(Splits.trainOnly(data.train().subset(0, 1, 2), List.of()), ProgressWatch.NONE);
        assertThat(columns).extracting(Column::name).contains("width").doesNotContain("height", "contrast");
    }

    @Test
    void measuringIsWatchedAndStopped() throws IOException {
        Splits data = data();
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> ImageColumns.measured(data, (done, all) -> {
                    assertThat(all).isEqualTo(4);
                    throw new CancellationException();
                }));
    }

    @Test
    void clipsAreNotMeasured() {
        Splits clips = Splits.trainOnly(new MovingShapes(1, 4, 16, 4), List.of());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> ImageColumns.measured(clips, ProgressWatch.NONE))
                .withMessageEndingWith("is a clip, only images are measured");
    }

    @Test
    void aTableHasItsFurtherColumns() throws IOException {
        data();
        Path list = Files.writeString(
                folder.resolve("list.csv"),
                "path,label,split,place\nrose/1.png,a,test,garden\nrose/2.png,b,train,wood\ntulip/1.png,a,train,\n");
        Splits data = Data.openAny(list.toString());
        List<Column> columns = ImageColumns.said(data, list.toString());
        assertThat(columns).containsExactly(new Column.Words("place", List.of("wood", "", "garden")));
        assertThat(ImageColumns.said(data, folder.toString())).isEmpty();
    }

    @Test
    void numbersThatAreLearnedAreColumnsToo() throws IOException {
        data();
        Path list = Files.writeString(
                folder.resolve("ages.csv"), "path,age,same,name\nrose/1.png,3,1,a\nrose/2.png,0.1,1,b\n");
        assertThat(ImageColumns.said(Data.openAny(list.toString()), list.toString()))
                .containsExactly(
                        new Column.Numbers("age", List.of(3.0, 0.1)), new Column.Words("name", List.of("a", "b")));
    }
}
