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
}
