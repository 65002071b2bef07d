package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvColumnsTest {

    @TempDir
    Path folder;

    private String table(String text) throws IOException {
        for (String name : List.of("a", "b", "c")) {
            File file = Files.createDirectories(folder.resolve("in"))
                    .resolve(name + ".png")
                    .toFile();
            ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", file);
        }
        return Files.writeString(folder.resolve("list.csv"), text).toString();
    }

    @Test
    void whatIsNotLearnedIsKnownOfEachImage() throws IOException {
        String spec =
                table("path,label,camera,split\nin/a.png,x,left,train\nin/b.png,y,right,train\nin/c.png,x,,test\n");
        CsvColumns columns = CsvColumns.of(spec, TargetKind.ONE_CLASS).orElseThrow();
        assertThat(columns.names()).containsExactly("camera");
        Dataset train = Data.open(spec, Data.Options.of()).train();
        List<String> names =
                IntStream.range(0, train.size()).mapToObj(train::name).toList();
        assertThat(columns.cells("camera", names)).containsExactly("left", "right");
        assertThat(columns.cells("camera", List.of(train.name(1), "elsewhere.png")))
                .containsExactly("right", "");
        assertThat(CsvColumns.of(spec + ":test", TargetKind.ONE_CLASS)).isPresent();
    }

    @Test
    void otherDataHasNone() throws IOException {
        assertThat(CsvColumns.of(table("path,label\nin/a.png,x\nin/b.png,y\n"), TargetKind.ONE_CLASS))
                .isEmpty();
        assertThat(CsvColumns.of(folder.toString(), TargetKind.ONE_CLASS)).isEmpty();
        assertThat(CsvColumns.of("shapes", TargetKind.ONE_CLASS)).isEmpty();
    }
}
