package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.data.Preprocess;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.classify.Prediction;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnippetsTest {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    @TempDir
    private Path folder;

    @Test
    void theProgramInJavaRunsWhereMoreThanAnImageGoesIn() throws Exception {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve("generate/diffusion"));
        Exported exported = export.write(folder.resolve("model.onnx"));
        assertThat(output(Snippets.java(exported, export.saved().preprocess()))).contains("prediction");
    }

    @ParameterizedTest
    @CsvSource({
        "classify/registry, false",
        "classify/registry, true",
        "classify/prototypes, false",
        "classify/prototypes, true"
    })
    void theProgramInJavaSaysOfAnImageWhatTheLibrarySays(String model, boolean bytes) throws Exception {
        Path place = PACKAGES.resolve(model);
        OnnxExport export = OnnxExport.load(place).withPostprocessing();
        Exported exported = (bytes ? export.withPreprocessing() : export).write(folder.resolve("model.onnx"));
        Preprocess shown = export.saved().preprocess();
        Image image = shown.apply(Image.read(PACKAGES.resolve("classify/prototypes/input.png")));
        ImageIO.write(
                image.toBufferedImage(), "png", folder.resolve("image.png").toFile());
        List<String> lines = output(Snippets.java(exported, shown)).lines().toList();
        double[] probabilities = Arrays.stream(
                        lines.get(lines.size() - 1).replaceAll("[\\[\\]]", "").split(", "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        Prediction said = Classifier.load(place, "cpu").predict(image);
        assertThat(Arrays.stream(probabilities).max().orElseThrow()).isCloseTo(said.probability(), within(1e-4));
        assertThat(lines.get(lines.size() - 2))
                .as("the classes, in the order of the probabilities")
                .startsWith("[\"" + export.saved().config().classes().get(0));
    }

    @Test
    void theProgramInJavaResizesAsTheModelWantsIt() throws Exception {
        OnnxExport export = OnnxExport.load(PACKAGES.resolve("detect"));
        Exported exported = export.write(folder.resolve("model.onnx"));
        Preprocess fit = export.saved().preprocess();
        ImageIO.write(
                new BufferedImage(75, 50, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("image.png").toFile());
        String program = Snippets.java(exported, fit);
        assertThat(program)
                .contains("Math.min(32.0 /", "new Color(114, 114, 114)")
                .doesNotContain("\"classes\"");
        assertThat(output(program)).isNotEmpty();
        program = Snippets.java(exported, fit.withCrop(0.875, Filter.BICUBIC));
        assertThat(program).contains("Math.max(36.0 /").doesNotContain("Color");
        assertThat(output(program)).isNotEmpty();
    }

    private String output(String program) throws Exception {
        String here =
                program.replace("\"model.onnx\"", quoted("model.onnx")).replace("\"image.png\"", quoted("image.png"));
        Path source = Files.writeString(folder.resolve("UseModel.java"), here);
        int failed =
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), source.toString());
        assertThat(failed).as(here).isZero();
        return output(folder);
    }

    private String quoted(String file) {
        return "\"" + folder.resolve(file).toString().replace('\\', '/') + "\"";
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
