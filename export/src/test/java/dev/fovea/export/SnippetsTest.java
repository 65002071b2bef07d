package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Preprocess;
import dev.fovea.image.Filter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnippetsTest {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "classify/registry, false, logits",
        "classify/registry, true, logits",
        "generate/diffusion, false, prediction"
    })
    void theProgramInJavaRuns(String model, boolean bytes, String output) throws Exception {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve(model));
        Exported exported = (bytes ? export.withPreprocessing() : export).write(folder.resolve("model.onnx"));
        String program = Snippets.java(exported, export.saved().preprocess())
                .replace(
                        "\"model.onnx\"",
                        "\"" + folder.resolve("model.onnx").toString().replace('\\', '/') + "\"");
        Path source = Files.writeString(folder.resolve("UseModel.java"), program);
        int failed =
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), source.toString());
        assertThat(failed).isZero();
        assertThat(output(folder)).contains(output);
    }

    private static String output(Path classes) throws Exception {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            DeepStack.call(() -> loader.loadClass("UseModel")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]));
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theProgramInPythonNormalisesAsTheModelWantsIt() {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve("classify/prototypes"));
        Exported exported = export.write(folder.resolve("model.onnx"));
        assertThat(Snippets.python(exported, export.saved().preprocess()))
                .contains(
                        "onnxruntime.InferenceSession(\"model.onnx\")",
                        "image = Image.open(\"image.png\").convert(\"RGB\")",
                        "pixels = np.asarray(image.resize((16, 16), Image.BILINEAR))",
                        "pixels = (pixels / 255 - np.array([",
                        "\"images\": pixels.transpose(2, 0, 1)[None].astype(np.float32),",
                        "print(dict(zip(classes, outputs[0][0].tolist())))");
        Exported pixels = export.withPreprocessing().write(folder.resolve("pixels.onnx"));
        assertThat(Snippets.python(pixels, export.saved().preprocess()))
                .contains("\"images\": pixels[None],")
                .doesNotContain("/ 255");
    }

    @Test
    void theProgramInPythonResizesAsTheModelWantsIt() {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve("detect"));
        Exported exported = export.write(folder.resolve("model.onnx"));
        Preprocess fit = export.saved().preprocess();
        assertThat(Snippets.python(exported, fit))
                .contains("ImageOps.pad(image, (32, 32), Image.BILINEAR, (114, 114, 114))")
                .doesNotContain("dict(zip(");
        assertThat(Snippets.python(exported, fit.withCrop(0.875, Filter.BICUBIC)))
                .contains(
                        "scale = max(36 / image.width, 36 / image.height)",
                        ", Image.BICUBIC)\nleft, top = round((image.width - 32) / 2),",
                        "image.crop((left, top, left + 32, top + 32))");
    }
}
