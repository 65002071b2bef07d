package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ExportCommandTest {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    @TempDir
    private Path folder;

    private String model(String name) {
        return PACKAGES.resolve(name).toString();
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void writesAnOnnxFileAndSaysWhatGoesInAndComesOut() {
        Ended ended = fovea("export", model("segment"), "-o", file("model.onnx"), "--json");
        assertThat(ended.code()).isZero();
        JsonNode json = ended.json();
        assertThat(json.get("difference").asDouble()).isLessThan(1e-4);
        assertThat(json.get("anySize").asBoolean()).isTrue();
        assertThat(json.get("inputs").get(0).get("shape").toString())
                .isEqualTo("[\"batch\",\"3\",\"height\",\"width\"]");
        assertThat(json.get("outputs").get(0).get("name").asString()).isEqualTo("logits");
        assertThat(Path.of(json.get("output").asString())).isRegularFile();
    }

    @Test
    void printsProgramsThatUseIt() {
        Ended ended = fovea(
                "export",
                model("classify/registry"),
                "--with-preprocessing",
                "--with-postprocessing",
                "--half",
                "-o",
                file("model.onnx"));
        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .contains("in   images  uint8 [batch, 16, 16, 1]", "out  probabilities  float32 [batch, 10]")
                .contains("onnxruntime.InferenceSession(\"model.onnx\")", "createSession(\"model.onnx\")");
    }

    @Test
    void writesWeightsForPyTorch() {
        Ended ended = fovea(
                "export", model("classify/layers"), "--format", "safetensors", "-o", file("w.safetensors"), "--json");
        assertThat(ended.code()).isZero();
        assertThat(ended.json().get("tensors").asInt()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--format tflite|--format: expected onnx or safetensors, got 'tflite'",
                "--opset 9|opset must be 13 to 23, got 9",
                "--layout timm|--layout: is for --format safetensors. Leave one of them out",
                "--format safetensors --half|--half, --int8, --with-preprocessing and --with-postprocessing are for --format onnx. Leave them out",
                "--format safetensors --layout timm|the names that timm has for the tensors of such a network are not known",
            })
    void saysWhatIsWrong(String options, String message) {
        String[] more = options.split(" ", -1);
        String[] call = new String[more.length + 4];
        System.arraycopy(new String[] {"export", model("classify/layers"), "-o", file("out")}, 0, call, 0, 4);
        System.arraycopy(more, 0, call, 4, more.length);
        Ended ended = fovea(call);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains(message);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"model.safetensors, onnx", "model.pt, onnx", "model.onnx, safetensors"})
    void aNameThatSaysAnotherFormatIsRefused(String name, String format) {
        Ended ended = fovea("export", model("classify/layers"), "--format", format, "-o", file(name));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains("%s is written here as %s. Name a file that ends with .%s, or choose another --format"
                        .formatted(name, format, format));
        assertThat(folder).isEmptyDirectory();
    }
}
