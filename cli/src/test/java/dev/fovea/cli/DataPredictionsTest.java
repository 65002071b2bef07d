package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataPredictionsTest {

    private static final int IMAGES = 1000;
    private static final String MODEL = "../core/src/test/resources/packages/classify/layers";

    @TempDir
    private Path folder;

    private Path out;

    @BeforeEach
    void name() {
        out = folder.resolve("results.jsonl");
    }

    private String[] command() {
        return new String[] {"predict", MODEL, "--data", "shapes:test", "--out", out.toString(), "--json"};
    }

    private List<JsonNode> results() throws Exception {
        var json = new JsonMapper();
        return Files.readAllLines(out).stream().map(json::readTree).toList();
    }

    @Test
    void aKilledOneGoesOnAndWritesEachImageOnce() throws Exception {
        Process process = new Shell(folder).start(command());
        Path part = folder.resolve("results.jsonl.part");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while ((!Files.exists(part) || Files.size(part) < 2000) && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        process.destroyForcibly().waitFor();
        assertThat(out).doesNotExist();
        Ended ended = fovea(command());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.json().get("before").asInt()).isBetween(1, IMAGES);
        assertThat(ended.json().get("images").asInt()).isEqualTo(IMAGES);
        assertThat(ended.json().get("complete").asBoolean()).isTrue();
        assertThat(results().stream().map(row -> row.get("index").asInt()))
                .isEqualTo(IntStream.range(0, IMAGES).boxed().toList());
        assertThat(results()).allMatch(row -> row.get("top").size() == 5);
        assertThat(part).doesNotExist();
    }

    @Test
    void theSameFileWithOtherOptionsIsRefused() throws Exception {
        Files.writeString(folder.resolve("results.jsonl.part"), "{\"predictions\":{\"model\":\"another\"}}\n");
        Ended ended = fovea(command());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.json().get("error").asString())
                .contains("results.jsonl.part: was begun with model 'another', now it is '" + MODEL);
    }

    @Test
    void imagesAndDataAreNotMixed() {
        assertThat(fovea("predict", MODEL).err())
                .contains("name images, or with --data and --out a data set; not both");
        assertThat(fovea("predict", MODEL, "a.png", "--data", "shapes").err()).contains("not both");
        assertThat(fovea("predict", MODEL, "--data", "shapes").err()).contains("--data means nothing without --out");
        assertThat(fovea("predict", MODEL, "--data", "shapes", "--out", "r.csv", "-o", "x")
                        .err())
                .contains("-o: is for image files, not for --data. Leave it out");
        assertThat(fovea("predict", MODEL, "--data", "shapes", "--out", "r.txt").err())
                .contains("r.txt: results are written to a file that ends with .jsonl, .csv, .parquet");
    }
}
