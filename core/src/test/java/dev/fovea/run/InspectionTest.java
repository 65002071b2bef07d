package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Data;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {

    @Test
    void countsFilesThatAreOddThoughTheyCanBeRead(@TempDir Path folder) throws IOException {
        var shapes = new Shapes(3, 10, 32);
        for (int i = 0; i < 6; i++) {
            byte[] jpeg = shapes.image(i).jpegBytes(90);
            Path of = Files.createDirectories(folder.resolve(i % 2 == 0 ? "a" : "b"));
            Files.write(of.resolve(i + ".jpg"), i == 3 ? Arrays.copyOf(jpeg, jpeg.length - 2) : jpeg);
        }
        Image.write(folder.resolve("a/last.png"), shapes.image(7));
        Inspection found = Inspection.of(Data.open(folder.toString(), Data.Options.of()));
        assertThat(found.unreadable()).isEmpty();
        assertThat(found.suspicious()).containsExactly(folder.resolve("b/3.jpg") + ": it has no end mark");
    }
}
