package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.cli.Shell.Ended;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An ONNX file in the place of a run. */
class OnnxCommandsTest {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    @TempDir
    private Path folder;

    private final String model = PACKAGES.resolve("classify/registry").toString();
    private final String image = PACKAGES.resolve("classify/registry/input.png").toString();
    private String file;

    @BeforeEach
    void export() {
        file = folder.resolve("model.onnx").toString();
        assertThat(fovea("export", model, "-o", file).code()).isZero();
    }

    private static JsonNode json(String... args) {
        Ended ended = fovea(args);
        assertThat(ended.code()).as(ended.toString()).isZero();
        return ended.json();
    }

    @Test
    void predictsAndEvaluatesAsTheRun() {
        JsonNode expected = json("predict", model, image, "--json").at("/predictions/0/top/0");
        JsonNode found = json("predict", file, image, "--json").at("/predictions/0/top/0");
        assertThat(found.get("label").asString())
                .isEqualTo(expected.get("label").asString());
        assertThat(found.get("probability").asDouble())
                .isEqualTo(expected.get("probability").asDouble(), within(1e-4));
        JsonNode metrics =
                json("evaluate", file, "--data", "shapes:test", "--json").get("metrics");
        double accuracy = json("evaluate", model, "--data", "shapes:test", "--json")
                .at("/metrics/accuracy")
                .asDouble();
        assertThat(metrics.get("accuracy").asDouble()).isEqualTo(accuracy, within(0.002));
    }

    @Test
    void isTimedAndExplainedWithoutGradients() {
        JsonNode speed = json("bench", "predict", file, "--batch", "2", "--steps", "2", "--json");
        assertThat(speed.get("imagesPerSecond").asDouble()).isPositive();
        assertThat(speed.has("gflops")).isFalse();
        String map = folder.resolve("map.png").toString();
        Ended refused = fovea("explain", file, image, "--method", "grad-cam", "-o", map);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("grad-cam: needs a network with feature maps, this has none; occlusion or rise");
        assertThat(fovea("explain", file, image, "-o", map).code()).isZero();
    }

    @Test
    void isWrittenInEightBitsWithWhatThatCosts() throws Exception {
        String small = folder.resolve("int8.onnx").toString();
        JsonNode made = json("export", model, "--int8", "--calibrate", "shapes", "-o", small, "--json");
        assertThat(made.get("bytes").asLong()).isEqualTo(Files.size(Path.of(small)));
        assertThat(made.get("error").asDouble()).isBetween(0.0, 0.2);
        assertThat(made.at("/int8/accuracy").asDouble())
                .isEqualTo(made.at("/float32/accuracy").asDouble(), within(0.05));
        assertThat(fovea("predict", small, image).code()).isZero();
        Files.createDirectories(folder.resolve("others/cat"));
        Files.copy(Path.of(image), folder.resolve("others/cat/cat.png"));
        assertThat(fovea("export", model, "--int8", "--calibrate", folder.resolve("others") + "", "-o", small)
                        .out())
                .contains("no metrics: the data has classes that the model does not know: 'cat'");
        assertThat(fovea("export", model, "--int8", "-o", small).err())
                .contains("--int8: needs images to measure ranges on. Add --calibrate DATA");
    }

    @Test
    void wrongFilesAreToldInASentence() throws Exception {
        byte[] whole = Files.readAllBytes(Path.of(file));
        Path cut = Files.write(folder.resolve("cut.onnx"), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(fovea("predict", cut.toString(), image))
                .isEqualTo(new Ended(
                        2,
                        "",
                        "fovea: " + cut + ": not an ONNX file, or cut off: its parts do not end where they say\n"));
        Path text = Files.writeString(folder.resolve("text.onnx"), "no model", StandardCharsets.UTF_8);
        assertThat(fovea("evaluate", text.toString(), "--data", "shapes").code())
                .isEqualTo(2);
        Ended trained = fovea("train", file, "--data", "shapes", "--out", folder.toString());
        assertThat(trained.code()).isEqualTo(2);
        assertThat(trained.err()).contains("the network of an ONNX file answers and cannot be built upon or trained");
        Ended started = fovea("train", "resnet18", "--data", "shapes", "--weights", file, "--out", folder.toString());
        assertThat(started.code()).isEqualTo(2);
        assertThat(started.err()).contains("weights are not read from ONNX files");
    }
}
