package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SearchCommandTest {

    @TempDir
    private Path folder;

    private String[] search(String out, String... more) {
        var arguments = new ArrayList<>(List.of(
                "search",
                Shell.NET,
                "--data",
                "shapes:validation",
                "--per-class",
                "10",
                "--epochs",
                "3",
                "--set",
                "input.size=32",
                "--vary",
                "optimizer.lr=0.0001..0.1",
                "--vary",
                "batch=20|50",
                "--trials",
                "4",
                "--out",
                folder.resolve(out).toString(),
                "--json"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static JsonNode trials(Path search) throws Exception {
        JsonNode trials = new JsonMapper()
                .readTree(Files.readString(search.resolve("search.json")))
                .get("trials");
        trials.forEach(trial -> ((tools.jackson.databind.node.ObjectNode) trial).remove("seconds"));
        return trials;
    }

    @Test
    void aSearchThatIsKilledTwiceFindsTheSameAndLeavesAModel() throws Exception {
        Ended whole = fovea(search("whole"));
        assertThat(whole.code()).as(whole.err()).isZero();
        Path killed = folder.resolve("killed");
        for (String until : List.of("trials/trial-001-1/metrics.csv", "trials/trial-003-1/recipe.yaml")) {
            Process process = new Shell(folder).start(search("killed"));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (!Files.exists(killed.resolve(until)) && process.isAlive() && System.nanoTime() < deadline) {
                Thread.sleep(1);
            }
            process.destroyForcibly().waitFor();
        }
        Ended resumed = fovea(search("killed"));
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on with the search in");
        assertThat(trials(killed)).isEqualTo(trials(folder.resolve("whole")));
        assertThat(resumed.json().get("values")).isEqualTo(whole.json().get("values"));
        assertThat(resumed.json().get("validation")).isEqualTo(whole.json().get("validation"));

        Ended answer = fovea(
                "predict",
                resumed.json().get("run").asString(),
                new Shell(folder).shape().toString(),
                "--json");
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(Path.of(resumed.json().get("page").asString())).exists();
        assertThat(Path.of(resumed.json().get("recipe").asString())).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "--vary; optimizer.momentum=0.1..0.01; optimizer.momentum: expected a range from a smaller to a larger number, got 0.1..0.01",
                "--vary; optimizer.beta1=0.5..2; optimizer.beta1=0.5..2: 2 cannot be trained: optimizer.beta1 must be 0 to below 1, got optimizer.beta1=2.0",
                "--vary; seed; 'seed': expected KEY=LOW..HIGH or KEY=VALUE|VALUE, such as optimizer.lr=0.001..0.1",
                "--minutes; 0; --minutes: expected a number above 0, got 0.0",
                "--minutes; NaN; --minutes: expected a number above 0, got NaN",
                "--minutes; -2; --minutes: expected a number above 0, got -2.0"
            })
    void whatIsImpossibleIsSaidInOneSentence(String option, String value, String message) {
        Ended ended = fovea(search("none", option, value));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.json().get("error").asString()).isEqualTo(message);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void anotherSearchInTheSameFolderIsRefused() {
        fovea(search("one", "--no-retrain", "--method", "random"));
        Ended ended = fovea(search("one", "--no-retrain"));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.json().get("error").asString())
                .contains("holds a search with method random and seed 0, not halving and 0");
    }
}
