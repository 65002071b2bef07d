package dev.fovea.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Runs each program of this module as it stands, in a folder of its own. */
class ExamplesTest {

    /** A program of this module. */
    private interface Program {
        void main(String... args);
    }

    @Test
    void firstClassifier() throws IOException {
        var shapes = new Shapes(1, 30, 64);
        for (int i = 0; i < shapes.size(); i++) {
            Path folder = Files.createDirectories(Path.of("flowers", i % 2 == 0 ? "rose" : "tulip"));
            Image.write(folder.resolve(i + ".png"), shapes.image(i));
        }
        Image.write(Path.of("rose.jpg"), shapes.image(0));

        assertThat(output(FirstClassifier::main)).containsPattern("^(rose|tulip) [01]\\.\\d+");
        assertThat(Path.of("report", "report.html")).isRegularFile();
    }

    @Test
    void explainPrediction() {
        assertThat(output(ExplainPrediction::main)).endsWith("4 rows");
        assertThat(Image.read(Path.of("why.png")).channels()).isEqualTo(3);
    }

    @Test
    void classifyClips() {
        assertThat(output(ClassifyClips::main).lines()).hasSize(1 + 16); // its accuracy, and one line a frame
    }

    @Test
    void exportModel() {
        assertThat(output(ExportModel::main)).startsWith("float32 [batch, 10] ");
        assertThat(Path.of("shapes.onnx")).isRegularFile();
    }

    @Test
    void findObjects() {
        assertThat(output(FindObjects::main)).contains("map50=");
        assertThat(Path.of("shape-finder", "model.safetensors")).isRegularFile();
    }

    @Test
    void segmentShapes() {
        assertThat(output(SegmentShapes::main)).contains("{miou=");
        assertThat(Path.of("shape-segmenter", "model.safetensors")).isRegularFile();
    }

    @Test
    void findFaces() {
        assertThat(output(FindFaces::main).lines())
                .hasSize(1 + 3)
                .first()
                .asString()
                .containsPattern("^(true|false) -?\\d");
        assertThat(Path.of("people.gallery", "vectors.f32")).isRegularFile();
    }

    @Test
    void encode() {
        assertThat(output(Encode::main)).startsWith("32 numbers, 28, 9 images").contains("psnr=");
    }

    @Test
    void denoise() {
        assertThat(output(Denoise::main)).contains("psnr=", "inputPsnr=");
        assertThat(Image.read(Path.of("clean.png")).width()).isEqualTo(100);
    }

    @Test
    void compress() {
        assertThat(output(Compress::main)).startsWith("64 ").contains("jpegBitsPerPixel=");
    }

    @Test
    void generate() {
        assertThat(output(Generate::main)).isEqualTo("40 and 16 images");
    }

    @Test
    void findAnomalies() {
        assertThat(output(FindAnomalies::main))
                .containsPattern("(normal|anomalous)")
                .contains("auroc=");
    }

    @Test
    void ownNetwork() {
        assertThat(output(OwnNetwork::main))
                .contains("122,570") // the parameters of the tutorial's network
                .containsPattern("[01]\\.\\d+$");
        assertThat(Path.of("own-model", "config.json")).content().contains("conv 32 3, relu, ", "dense 10");
    }

    @Test
    void ownData() {
        assertThat(output(OwnData::main)).isEqualTo("1.0"); // lying and standing stripes are told apart by one filter
    }

    @Test
    void watchTraining() {
        assertThat(output(WatchTraining::main)).contains("1 0.", "2 0.", "macroF1=");
    }

    /** What a program prints. */
    private static String output(Program program) {
        var printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.main();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).strip();
    }
}
