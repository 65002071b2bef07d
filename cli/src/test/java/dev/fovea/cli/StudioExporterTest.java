package dev.fovea.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.run.ProgressWatch;
import dev.fovea.serve.studio.models.Exporter.Wish;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudioExporterTest {

    private static final Path MODEL = Path.of("../core/src/test/resources/packages/classify/registry");

    @TempDir
    private Path folder;

    private static Wish wish(String format, Optional<String> calibration, String layout) {
        return new Wish(MODEL, format, true, true, false, calibration, layout, 0);
    }

    @Test
    void writesOnnxWithProgramsThatUseIt() {
        Path file = folder.resolve("model.onnx");
        Map<String, Object> said =
                new StudioExporter().write(wish("onnx", Optional.empty(), ""), file, ProgressWatch.NONE);
        assertThat(file).isNotEmptyFile();
        assertThat((double) said.get("difference")).isLessThan(1e-3);
        assertThat((String) said.get("python")).contains("InferenceSession(\"model.onnx\")");
        assertThat((String) said.get("java")).contains("createSession(\"model.onnx\")");
    }

    @Test
    void writesInEightBitsAndSaysWhatThatCosts() {
        Path file = folder.resolve("model-int8.onnx");
        Map<String, Object> said =
                new StudioExporter().write(wish("onnx", Optional.of("shapes"), ""), file, ProgressWatch.NONE);
        assertThat(file).isNotEmptyFile();
        assertThat((Map<?, ?>) said.get("int8")).isNotEmpty();
        assertThat((String) said.get("python")).contains("model-int8.onnx");
    }

    @Test
    void writesWeightsInALayoutThatThereIs() {
        Path file = folder.resolve("model.safetensors");
        assertThat(new StudioExporter().write(wish("safetensors", Optional.empty(), "own"), file, ProgressWatch.NONE))
                .containsKey("tensors");
        assertThat(file).isNotEmptyFile();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StudioExporter()
                        .write(wish("safetensors", Optional.empty(), "keras"), file, ProgressWatch.NONE))
                .withMessage("layout: expected one of own, timm, transformers, got 'keras'");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 40})
    void anExportThatIsStoppedLeavesNothing(int steps) {
        for (Optional<String> calibration : List.of(Optional.<String>empty(), Optional.of("shapes"))) {
            var seen = new AtomicInteger();
            int last = calibration.isPresent() ? steps : Math.min(steps, 2);
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> new StudioExporter()
                            .write(wish("onnx", calibration, ""), folder.resolve("model.onnx"), (done, all) -> {
                                if (seen.getAndIncrement() >= last) {
                                    throw new CancellationException("stopped");
                                }
                            }));
            assertThat(folder).isEmptyDirectory();
        }
    }
}
