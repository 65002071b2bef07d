package dev.fovea.export.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.FrameSampling;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.export.OnnxExport;
import dev.fovea.image.Image;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.Loss;
import dev.fovea.run.SavedNet;
import dev.fovea.task.Tasks;
import dev.fovea.task.autoencode.Autoencoder;
import dev.fovea.task.restore.Restorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A package and the ONNX file that was exported from it answer alike. */
class ExportedModelsTest {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "classify/registry",
                "classify/layers",
                "classify/prototypes",
                "multilabel",
                "regress",
                "embedding",
                "detect",
                "segment"
            })
    void answersAsThePackage(String name) {
        Path model = PACKAGES.resolve(name);
        assertAlike(model, OnnxExport.load(model));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify/registry", "multilabel", "regress", "segment", "detect"})
    void answersAsThePackageWithAllInsideTheGraph(String name) {
        Path model = PACKAGES.resolve(name);
        assertAlike(model, OnnxExport.load(model).withPreprocessing().withPostprocessing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify/registry", "segment"})
    void answersAsThePackageInHalfPrecision(String name) {
        Path model = PACKAGES.resolve(name);
        Path file = OnnxExport.load(model)
                .inHalf()
                .write(folder.resolve("half.onnx"))
                .file();
        Image image = Image.read(model.resolve("input.png"));
        assertSame(answer(file, image), answer(model, image), 0.05);
    }

    private void assertAlike(Path model, OnnxExport export) {
        Path file = export.write(folder.resolve("model.onnx")).file();
        Image image = Image.read(model.resolve("input.png"));
        assertSame(answer(file, image), answer(model, image), 1e-4);
    }

    /** As JSON has it. */
    private static Object answer(Path model, Image image) {
        var values = Tasks.ALL.load(model, "cpu").predictor().predict(image).values();
        return JSON.readValue(JSON.writeValueAsString(values), Object.class);
    }

    private static void assertSame(Object actual, Object expected, double most) {
        if (expected instanceof Map<?, ?> map) {
            assertThat(((Map<?, ?>) actual).keySet()).isEqualTo(map.keySet());
            map.forEach((key, value) -> assertSame(((Map<?, ?>) actual).get(key), value, most));
        } else if (expected instanceof List<?> list) {
            assertThat((List<?>) actual).hasSameSizeAs(list);
            for (int i = 0; i < list.size(); i++) {
                assertSame(((List<?>) actual).get(i), list.get(i), most);
            }
        } else if (expected instanceof Number number) {
            double value = number.doubleValue();
            assertThat(((Number) actual).doubleValue()).isEqualTo(value, within(most * Math.max(1, Math.abs(value))));
        } else {
            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void restoresAndReconstructsAsThePackage() {
        for (boolean pixels : new boolean[] {false, true}) {
            Path noisy = PACKAGES.resolve("restore");
            Image image = Image.read(noisy.resolve("input.png"));
            Path restorer = write(noisy, false);
            assertClose(
                    Restorer.load(restorer, "cpu").restore(image),
                    Restorer.load(noisy, "cpu").restore(image));
            Path coded = PACKAGES.resolve("autoencode");
            Image digit = Image.read(coded.resolve("input.png"));
            Path autoencoder = write(coded, pixels);
            assertClose(
                    Autoencoder.load(autoencoder, "cpu").reconstruct(digit),
                    Autoencoder.load(coded, "cpu").reconstruct(digit));
        }
    }

    private Path write(Path model, boolean pixels) {
        OnnxExport export = OnnxExport.load(model);
        return (pixels ? export.withPreprocessing() : export)
                .write(folder.resolve("model.onnx"))
                .file();
    }

    private static void assertClose(Image actual, Image expected) {
        assertThat(actual.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.pixels().length; i++) {
            assertThat((actual.pixels()[i] & 0xFF) - (expected.pixels()[i] & 0xFF))
                    .isBetween(-1, 1);
        }
    }

    @Test
    void answersAboutClipsAsThePackage() {
        Preprocess shown = Preprocess.of(32, 32, 3).withFrames(new FrameSampling(4, 1, FrameSampling.Sampling.UNIFORM));
        var config = new ModelPackage.Config(
                new TaskConfig("classification", Map.of()),
                Architecture.of("cnn-rnn"),
                List.of("a", "b", "c"),
                shown,
                Loss.crossEntropy(),
                Provenance.ofWeights("none"));
        Path model = folder.resolve("clips");
        new ModelPackage(config, Models.create("cnn-rnn", shown, 3)).write(model);
        var pixels = new byte[4 * 32 * 32 * 3];
        new Random(1).nextBytes(pixels);
        var clip = new Image(32, 128, 3, pixels); // frames one below the other
        for (boolean inside : new boolean[] {false, true}) {
            SavedNet expected = SavedNet.load(model, "cpu");
            SavedNet found = SavedNet.load(write(model, inside), "cpu");
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                float[] exact =
                        expected.layer().forward(expected.normalized(clip)).toFloats();
                assertThat(found.layer().forward(found.normalized(clip)).toFloats())
                        .containsExactly(exact, within(1e-4f));
            }
        }
    }

    @Test
    void anAutoencoderHasNoCodes() {
        Path file = write(PACKAGES.resolve("autoencode"), false);
        Image image = Image.read(PACKAGES.resolve("autoencode/input.png"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Autoencoder.load(file, "cpu").encode(image))
                .withMessage("encode: the ONNX file gives reconstructions and no codes. "
                        + "Use the run or package that it was exported from");
    }

    @ParameterizedTest
    @CsvSource({"compress, compression", "anomaly, anomaly", "generate/gan, is no function of images"})
    void saysWhichTasksHaveNoOnnxModels(String name, String word) {
        Path file = write(PACKAGES.resolve(name), false);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.read(file))
                .withMessageContaining(word);
    }
}
