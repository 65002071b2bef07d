package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import dev.fovea.engine.Device;
import dev.fovea.image.Image;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.Loss;
import dev.fovea.run.ReconstructionScore;
import dev.fovea.run.SavedNet;
import dev.fovea.task.anomaly.AnomalyDetector;
import java.awt.image.BufferedImage;
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
                new TaskConfig("classification", Map.of()),
                Architecture.of(NET),
                List.of("a", "b"),
                preprocess,
                Loss.crossEntropy(),
                Provenance.ofWeights(""));
        var model = new ModelPackage(config, Models.create(NET, preprocess, 2));
        assertThat(changed(
                        pixels,
                        Explanation.of(new Classifier(new SavedNet(model, Device.of("cpu"))), file, List.of(), "")
                                .overlays()
                                .get(0)))
                .containsExactly(from, to);
    }

    @ParameterizedTest
    @CsvSource({"STRETCH, 0, 512", "CROP, 192, 320", "FIT, 0, 512", "PATCH, 240, 272"})
    void whatIsAnomalousIsColouredInTheOriginalImage(ResizePolicy resize, int from, int to) {
        byte[] pixels = new byte[512 * 128 * 3];
        new SplittableRandom(1).nextBytes(pixels);
        String net = "dense-autoencoder bottleneck=4";
        var preprocess = Preprocess.of(32, 32, 3).withResize(resize);
        var config = new ModelPackage.Config(
                new TaskConfig("reconstruction", Map.of()),
                Architecture.of(net),
                List.of(),
                preprocess,
                new Loss.Mse(),
                Provenance.ofWeights(""));
        var model = new ModelPackage(config, Models.create(net, preprocess, 0));
        var detector = AnomalyDetector.of(new SavedNet(model, Device.of("cpu")), ReconstructionScore.L2);
        assertThat(changed(pixels, detector.heatMap(new Image(512, 128, 3, pixels))))
                .containsExactly(from, to);
    }

    /** The first and one behind the last column, of row 64, that are not as they were. */
    private static List<Integer> changed(byte[] pixels, BufferedImage image) {
        int first = 512;
        int last = 0;
        for (int x = 0; x < 512; x++) {
            int at = 64 * 512 + x;
            int before = (pixels[3 * at] & 0xFF) << 16 | (pixels[3 * at + 1] & 0xFF) << 8 | pixels[3 * at + 2] & 0xFF;
            if ((image.getRGB(x, 64) & 0xFFFFFF) != before) {
                first = Math.min(first, x);
                last = x + 1;
            }
        }
        return List.of(first, last);
    }
}
