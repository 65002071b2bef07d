package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.report.MaskDrawing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From folders of images and masks to a segmenter. */
class SegmentationCommandsTest {

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void write() throws IOException {
        data = folder.resolve("data");
        part("train", 1, 24);
        part("val", 2, 6);
        part("test", 3, 4);
        Files.write(data.resolve("classes.txt"), new Shapes(1, 1, 32, Shapes.Annotation.PIXEL_LABELS).classes());
    }

    private void part(String name, long seed, int size) throws IOException {
        Dataset shapes = new Shapes(seed, size, 32, Shapes.Annotation.PIXEL_LABELS);
        for (int i = 0; i < size; i++) {
            Path images = Files.createDirectories(data.resolve(name + "/images"));
            Path masks = Files.createDirectories(data.resolve(name + "/masks"));
            Image.write(images.resolve(i + ".png"), shapes.image(i).toBufferedImage());
            var mask = ((Target.PixelLabels) shapes.target(i)).classes();
            Image.write(masks.resolve(i + ".png"), MaskDrawing.indexed(mask));
        }
    }

    private Ended trained(String... more) {
        var all = new java.util.ArrayList<>(List.of(
                "train",
                "unet width=4",
                "--data",
                data.toString(),
                "--epochs",
                "2",
                "--out",
                folder.toString(),
                "--name",
                "told",
                "--threads",
                "2",
                "--json"));
        all.addAll(List.of(more));
        return fovea(all.toArray(String[]::new));
    }

    @Test
    void masksAreLearnedMeasuredAndWritten() throws IOException {
        Ended training = trained();
        assertThat(training.code()).as(training.toString()).isZero();
        assertThat(training.json().get("validation").propertyNames()).contains("miou", "pixelAccuracy", "boundaryF1");
        String run = training.json().get("run").asString();
        assertThat(Path.of(run, "report.html")).content(StandardCharsets.UTF_8).contains("mIoU");

        Ended evaluation = fovea("evaluate", run, "--data", data + ":test", "--tta", "flip", "--tile", "32", "--json");
        assertThat(evaluation.code()).as(evaluation.toString()).isZero();
        JsonNode found = evaluation.json();
        assertThat(found.get("part").asString()).isEqualTo("test");
        assertThat(found.get("metrics").get("miou").asDouble()).isBetween(0.0, 1.0);
        assertThat(found.get("perClass")).hasSize(11);
        assertThat(found.get("measured").asString()).contains("4 images of 11 classes");

        Path out = folder.resolve("out");
        Ended prediction =
                fovea("predict", run, data.resolve("test/images/1.png").toString(), "-o", out.toString(), "--json");
        assertThat(prediction.code()).as(prediction.toString()).isZero();
        JsonNode answer = prediction.json().get("predictions").get(0);
        assertThat(answer.get("regions").get(0).get("mask").get("size").get(0).asInt())
                .isEqualTo(32);
        assertThat(Path.of(answer.get("output").asString())).exists();
        Path mask = Path.of(answer.get("maskOutput").asString());
        assertThat(Image.indices(Files.readAllBytes(mask), "mask").size().height())
                .isEqualTo(32);
    }

    @Test
    void allFiguresOfARunAreSaid() {
        Ended training = fovea(
                "train",
                "unet width=2",
                "--data",
                data.toString(),
                "--epochs",
                "1",
                "--out",
                folder.toString(),
                "--threads",
                "2");
        assertThat(training.code()).as(training.toString()).isZero();
        assertThat(training.out())
                .containsPattern("validation +miou [01]\\.\\d+, pixelAccuracy [01]\\.\\d+, classAccuracy");
    }

    @Test
    void aTrueMaskBesideItsImageIsNotOverwritten() throws IOException {
        String run = trained().json().get("run").asString();
        Path image = folder.resolve("beside/a.jpg");
        Path mask = folder.resolve("beside/a-mask.png");
        Files.createDirectories(image.getParent());
        Image.write(image, new Shapes(9, 1, 32).image(0).toBufferedImage());
        Files.writeString(mask, "a mask");
        Ended prediction =
                fovea("predict", run, image.toString(), "-o", image.getParent().toString());
        assertThat(prediction.code()).isEqualTo(2);
        assertThat(prediction.err() + prediction.out()).contains("may be its true mask");
        assertThat(mask).hasContent("a mask");
    }

    @Test
    void dataIsInspectedBeforeItIsLearned() {
        Path sheet = folder.resolve("sheet.png");
        Ended inspection = fovea("data", "inspect", data.toString(), "--sheet", sheet.toString());
        assertThat(inspection.code()).as(inspection.toString()).isZero();
        assertThat(inspection.out()).contains("background", "% of the pixels");
        assertThat(sheet).exists();
    }

    @Test
    void aMaskThatIsWrongIsSaidBeforeTraining() throws IOException {
        Files.write(data.resolve("classes.txt"), List.of("background", "circle"));
        Ended training = trained();
        assertThat(training.code()).isEqualTo(2);
        assertThat(training.json().get("error").asString())
                .contains("train/masks/")
                .contains("there are 2 classes, from 0 (255 is not labelled)");
        assertThat(folder.resolve("told-1")).doesNotExist();
    }
}
