package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoCommandTest {

    @TempDir
    private Path folder;

    /** Numbers of images in a table: the other tasks are tested where the data is read. */
    @Test
    void learnsTheNumbersOfATableAndLeavesAModelThatPredictsThem() throws IOException {
        var table = new StringBuilder("path,size\n");
        var shapes = new Shapes(1, 60, 24);
        for (int i = 0; i < 60; i++) {
            Image.write(folder.resolve(i + ".png"), shapes.image(i).toBufferedImage());
            table.append(i).append(".png,").append(20.5 + i).append('\n');
        }
        Path csv = Files.writeString(folder.resolve("sizes.csv"), table);
        Path out = folder.resolve("auto");
        Ended ended = fovea("auto", "--data", csv.toString(), "--minutes", "0.1", "--out", out.toString(), "--json");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.json().get("story").get(0).asString()).contains("numbers to predict (size): regression");
        assertThat(ended.err()).contains("not varied at random");
        assertThat(ended.json().get("seconds").asDouble()).isLessThan(60);
        assertThat(Path.of(ended.json().get("page").asString())).exists();
        Ended answer = fovea(
                "predict",
                ended.json().get("model").asString(),
                folder.resolve("3.png").toString(),
                "--json");
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("size");

        Ended again = fovea("auto", "--data", csv.toString(), "--minutes", "0.1", "--out", out.toString(), "--json");
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.json().get("error").asString()).endsWith("is there already. Name another folder with --out");
    }

    @ParameterizedTest
    @CsvSource({"0, shapes, '--minutes: expected a number above 0, got 0.0'", "1, no-such-data, no-such-data"})
    void whatCannotBeIsSaidInOneSentence(String minutes, String data, String message) {
        Path out = folder.resolve("none");
        Ended ended = fovea("auto", "--data", data, "--minutes", minutes, "--out", out.toString(), "--json");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.json().get("error").asString()).contains(message);
        assertThat(out).doesNotExist();
    }
}
