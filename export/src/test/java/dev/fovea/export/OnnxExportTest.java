package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.DetectionNet;
import dev.fovea.run.SavedNet;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxExportTest {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "classify/registry|images|logits|[batch, 10]",
                "classify/prototypes|images|logits|[batch, 10]",
                "multilabel|images|logits|[batch, 10]",
                "regress|images|logits|[batch, 2]",
                "embedding|images|embedding|[batch, 6]",
                "detect|images|boxes|[batch, 21, 4]",
                "segment|images|logits|[batch, 11, height, width]",
                "autoencode|images|reconstruction|[batch, 1, 16, 16]",
                "compress|images|reconstruction|[batch, 3, reconstruction_2, reconstruction_3]",
                "restore|images|restored|[batch, 3, height, width]",
                "anomaly|images|score|[batch]",
                "generate/gan|noise|images|[batch, 3, 16, 16]",
                "generate/diffusion|images|prediction|[batch, 3, 16, 16]",
            })
    void namesWhatGoesInAndComesOut(String model, String input, String output, String shape) {
        Exported exported = OnnxExport.load(PACKAGES.resolve(model)).write(folder.resolve("model.onnx"));
        assertThat(exported.inputs().get(0).name()).isEqualTo(input);
        assertThat(exported.outputs().get(0).name()).isEqualTo(output);
        assertThat(exported.outputs().get(0).description()).isEqualTo("float32 " + shape);
        assertThat(exported.difference()).isLessThan(1e-4);
        assertThat(exported.bytes()).isEqualTo(exported.file().toFile().length());
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23})
    void writesEveryVersionOfTheOperators(int opset) {
        for (String model : List.of("embedding", "generate/diffusion", "segment", "anomaly")) {
            Exported exported =
                    OnnxExport.load(PACKAGES.resolve(model)).withOpset(opset).write(folder.resolve("model.onnx"));
            assertThat(exported.difference()).isLessThan(1e-4);
        }
    }

    @Test
    void takesPixelsAndGivesTheAnswerOfTheLibrary() {
        Path model = PACKAGES.resolve("classify/prototypes");
        Image image = Image.read(PACKAGES.resolve("classify/prototypes/input.png"));
        Path file = OnnxExport.load(model)
                .withPreprocessing()
                .withPostprocessing()
                .write(folder.resolve("model.onnx"))
                .file();
        double probability = Classifier.load(model, "cpu").predict(image).probability();
        Tensor found = run(file, Map.of("images", bytes(model, image))).get(0);
        assertThat(found.max().item()).isCloseTo(probability, within(1e-5));
        assertThat(found.sum().item()).isCloseTo(1, within(1e-5));
    }

    /** The image in the network's size, uint8 [1, H, W, C]. */
    private static Tensor bytes(Path model, Image image) {
        Image shown = SavedNet.load(model, "cpu").preprocess().apply(image);
        byte[] pixels = shown.pixels();
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = pixels[i] & 255;
        }
        return Tensor.of(values, 1, shown.height(), shown.width(), shown.channels())
                .to(DType.UINT8);
    }

    private static List<Tensor> run(Path file, Map<String, Tensor> inputs) {
        try (var session = new ExportedFile(file, 1)) {
            return session.run(inputs);
        }
    }

    @Test
    void findsTheObjectsThatTheDetectorFinds() {
        SavedNet saved = SavedNet.load(PACKAGES.resolve("detect"), "cpu");
        Path file = OnnxExport.of(saved)
                .withPostprocessing()
                .write(folder.resolve("model.onnx"))
                .file();
        DetectionNet.Limits limits = Tasks.ALL.of("detection").answered(saved).orElseThrow();
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = Tensor.cat(
                    List.of(
                            saved.input(List.of(Image.read(PACKAGES.resolve("detect/input.png")))),
                            Signatures.of(saved.net(), dev.fovea.nn.Shape.of(3, 32, 32), 10)
                                    .example(new Setting(1, 32, 32, 4))
                                    .get(0)),
                    0);
            List<DetectionNet.Found> wanted = ((DetectionNet) saved.net()).detect(images, limits);
            List<Tensor> found = run(file, Map.of("images", images));
            assertThat(found.get(1).elements())
                    .isEqualTo(
                            wanted.stream().mapToInt(DetectionNet.Found::count).sum())
                    .isPositive();
            float[] boxes = found.get(0).toFloats();
            float[] scores = found.get(1).toFloats();
            long[] labels = found.get(2).toLongs();
            long[] image = found.get(3).toLongs();
            int[] at = new int[2];
            for (int i = 0; i < scores.length; i++) {
                DetectionNet.Found own = wanted.get((int) image[i]);
                int place = at[(int) image[i]]++;
                assertThat(scores[i]).isCloseTo(own.scores()[place], within(1e-5f));
                assertThat(labels[i]).isEqualTo(own.labels()[place]);
                for (int edge = 0; edge < 4; edge++) {
                    assertThat(boxes[4 * i + edge]).isCloseTo(own.boxes()[4 * place + edge], within(1e-3f));
                }
            }
        }
    }

    @Test
    void halfPrecisionHalvesTheFileAndSaysWhatItCosts() {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve("segment"));
        Exported exact = export.write(folder.resolve("exact.onnx"));
        Exported half = export.inHalf().write(folder.resolve("half.onnx"));
        assertThat(half.bytes()).isLessThan(exact.bytes() * 6 / 10);
        assertThat(half.difference()).isBetween(1e-4, 0.05);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 0x3c00",
        "-2, -0x4000",
        "65504, 0x7bff",
        "65519, 0x7bff",
        "65520, 0x7c00",
        "0.33325195, 0x3555",
        "6.1035156e-5, 0x400",
        "5.9604645e-8, 1",
        "2.9802322e-8, 0",
        "6.097555e-5, 0x3ff",
        "1.00048828125, 0x3c00",
        "1.00146484375, 0x3c02"
    })
    void roundsToHalf(float value, String bits) {
        int expected = Integer.decode(bits);
        assertThat(HalfPrecision.bits(value) & 0xffff).isEqualTo(expected < 0 ? -expected | 0x8000 : expected);
    }

    @Test
    void saysWhatItIsBesideTheGraph() throws java.io.IOException {
        Path file = OnnxExport.load(PACKAGES.resolve("classify/registry"))
                .write(folder.resolve("model.onnx"))
                .file();
        String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(text).contains("preprocess", "\"provenance\"", "classes", "reader.recurrent");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12|opset must be 13 to 23, got 12",
                "24|opset must be 13 to 23, got 24",
            })
    void rejectsOperatorsOfAnotherAge(int opset, String message) {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve("embedding"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> export.withOpset(opset))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embedding|postprocessing: a model for embedding answers with what its network gives. Export it without",
                "compress|postprocessing: a model for compression answers with what its network gives. Export it without",
            })
    void rejectsAnAnswerThatThereIsNot(String model, String message) {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve(model)).withPostprocessing();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> export.write(folder.resolve("model.onnx")))
                .withMessage(message);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void rejectsPixelsForWhatTakesNone() {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve("generate/gan")).withPreprocessing();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> export.write(folder.resolve("model.onnx")))
                .withMessage("preprocessing: what goes into this network is not an image alone. Export it without");
    }

    @Test
    void saysThatThereIsNoFolder() {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve("embedding"));
        org.assertj.core.api.Assertions.assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> export.write(folder.resolve("none/model.onnx")))
                .withMessageContaining("there is no folder");
    }
}
