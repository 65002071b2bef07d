package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.engine.Device;
import dev.fovea.image.Image;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {

    private static final String NET = "conv 4 3 pad=same, relu, globalavgpool, dense classes";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"STRETCH, 0, 512", "CROP, 192, 320", "FIT, 0, 512", "PATCH, 240, 272"})
    void colourLiesWhereTheNetworkLooked(ResizePolicy resize, int from, int to) {
        Path file = folder.resolve("wide.png");
        byte[] pixels = new byte[512 * 128 * 3];
        new SplittableRandom(1).nextBytes(pixels);
        Image.write(file, new Image(512, 128, 3, pixels).toBufferedImage());
        var preprocess = Preprocess.of(32, 32, 3).withResize(resize);
        var config = new ModelPackage.Config(
                ModelPackage.FORMAT, "classification", NET, List.of("a", "b"), preprocess, Map.of(), Map.of());
        var model = new ModelPackage(config, Models.create(NET, preprocess, 2));
        var picture = Explanation.of(new Classifier(model, Device.of("cpu")), file, "")
                .picture();
        int first = 512;
        int last = 0;
        for (int x = 0; x < 512; x++) {
            int at = 64 * 512 + x;
            int before = (pixels[3 * at] & 0xFF) << 16 | (pixels[3 * at + 1] & 0xFF) << 8 | pixels[3 * at + 2] & 0xFF;
            if ((picture.getRGB(x, 64) & 0xFFFFFF) != before) {
                first = Math.min(first, x);
                last = x + 1;
            }
        }
        assertThat(List.of(first, last)).containsExactly(from, to);
    }
}
