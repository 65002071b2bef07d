package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DataCommandsTest {

    @TempDir
    Path folder;

    /** Dark and light noise, one image of each in the other's folder. */
    private Path data() throws IOException {
        var random = new SplittableRandom(7);
        Path data = folder.resolve("data");
        for (int i = 0; i < 32; i++) {
            byte[] pixels = new byte[64];
            for (int p = 0; p < pixels.length; p++) {
                pixels[p] = (byte) ((i % 2 == 0 ? 30 : 160) + random.nextInt(60));
            }
            boolean swapped = i < 2;
            Path file = data.resolve((i % 2 == 0) != swapped ? "dark" : "light").resolve("image" + i + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, new Image(8, 8, 1, pixels));
        }
        return data;
    }

    @Test
    void anAuditFindsWrongLabelsAndItsListCleansTheData() throws IOException {
        Path data = data();
        Path out = folder.resolve("audit");
        var audit = fovea(
                "data",
                "audit",
                data.toString(),
                "--network",
                "flatten, dense classes",
                "--epochs",
                "12",
                "--set",
                "batch=8",
                "--set",
                "input.size=8",
                "--folds",
                "4",
                "-o",
                out.toString(),
                "--json");
        assertThat(audit.code()).as(audit.err()).isZero();
        JsonNode found = audit.json();
        assertThat(found.get("findings").get("label").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(out.resolve("audit.html")).exists();
        Path list = out.resolve("findings.csv");
        assertThat(Files.readString(list)).contains("image0.png", "image1.png");
        assertThat(audit.err()).contains("labels: 4 trainings of flatten, dense classes");

        Path clean = folder.resolve("clean.csv");
        var cleaned = fovea(
                "data", "clean", data.toString(), "--findings", list.toString(), "-o", clean.toString(), "--json");
        assertThat(cleaned.code()).as(cleaned.err()).isZero();
        assertThat(cleaned.json().get("images").asInt()
                        + cleaned.json().get("removed").asInt())
                .isEqualTo(32);
        assertThat(Files.readString(clean)).doesNotContain("image0.png", "image1.png");
        assertThat(fovea("data", "inspect", clean.toString()).code()).isZero();
    }

    @Test
    void refusesWhatDoesNotGoTogether() throws IOException {
        String data = data().toString();
        assertThat(fovea("data", "audit", data, "--model", "x", "--epochs", "3").err())
                .contains("--network, --epochs and --set are of trainings");
        Path list = Files.writeString(folder.resolve("list.csv"), "path,part,finding,score,given,proposed,action\n");
        assertThat(fovea("data", "clean", data, "--findings", list.toString(), "-o", list.toString())
                        .err())
                .contains("would be overwritten");
        assertThat(fovea("data").err()).contains("data: say inspect, audit, clean, convert or fetch");
    }

    @Test
    void boxesAreConvertedAndFoundByThemselves() throws IOException {
        Path coco = folder.resolve("coco");
        Path source = folder.resolve("source");
        Files.createDirectories(source.resolve("images"));
        Image.write(source.resolve("images/1.png"), new Image(20, 10, 1, new byte[200]));
        Files.writeString(
                source.resolve("boxes.csv"),
                "path,label,left,top,right,bottom,ignore\nimages/1.png,cat,1,2,9,9,0\nimages/1.png,dog,0,0,30,5,1\n");
        String csv = source.resolve("boxes.csv").toString();
        var converted = fovea("data", "convert", csv, "--to", "coco", "-o", coco.toString(), "--json");
        assertThat(converted.code()).as(converted.err()).isZero();
        assertThat(converted.json().get("objects").asInt()).isEqualTo(2);
        assertThat(converted.json().get("images").get("train").asInt()).isEqualTo(1);
        var inspected = fovea(
                "data",
                "inspect",
                coco.toString(),
                "--sheet",
                folder.resolve("s.png").toString(),
                "--json");
        assertThat(inspected.code()).as(inspected.err()).isZero();
        JsonNode train = inspected.json().get("boxes").get("train");
        assertThat(train.get("classes").get("cat").get("small").asInt()).isEqualTo(1);
        assertThat(train.get("ignored").asInt()).isEqualTo(1);
        assertThat(folder.resolve("s.png")).exists();
        var again = fovea("data", "convert", csv, "--to", "voc", "-o", coco.toString());
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("is not empty, and nothing in it is overwritten");
        var yolo = fovea(
                "data",
                "convert",
                csv,
                "--to",
                "yolo",
                "-o",
                folder.resolve("yolo").toString());
        assertThat(yolo.out()).contains("YOLO has no place for objects that are to be ignored");
        assertThat(fovea(
                                "data",
                                "convert",
                                data().toString(),
                                "--to",
                                "voc",
                                "-o",
                                folder.resolve("v").toString())
                        .err())
                .contains("has no boxes");
    }
}
