package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Runs as the command line makes them, goes on with them and lists them. */
class RunsOnDiskTest {

    @TempDir
    private Path folder;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(folder);
    }

    private Ended training(String name, String... more) {
        var arguments = new ArrayList<>(List.of(
                "train",
                Shell.NET,
                "--data",
                "shapes:test",
                "--per-class",
                "4",
                "--out",
                folder.toString(),
                "--name",
                name));
        Stream.of("input.size=16", "batch=20", "epochs=1", "precision=fp32")
                .forEach(setting -> arguments.addAll(List.of("--set", setting)));
        arguments.addAll(List.of(more));
        return fovea(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epochs 0|epochs must be positive, got epochs=0",
                "--epochs -2|epochs must be positive, got epochs=-2",
                "--batch 0|batch must be 1 to 65536, got batch=0",
                "--lr 0|lr",
                "--lr NaN|lr",
                "--max-time NaN|--max-time: expected minutes above 0, got NaN",
                "--max-time -1|--max-time: expected minutes above 0, got -1.0",
                "--max-time 0|--max-time: expected minutes above 0, got 0.0",
                "--per-class -1|--per-class: expected a number from 1, got -1",
                "--overfit-batches 0|--overfit-batches: expected a number from 1, got 0",
                "--name ../../x|run name: may hold no '/'",
                "--freeze 0,zz*|freeze: no parameter matches 'zz*'. Parameters are 0.weight, 0.bias",
                "--weights nowhere.safetensors|nowhere.safetensors: no weights are there"
            })
    void refusesANumberOrNameThatMeansNothingAndMakesNoFolder(String option, String message) throws IOException {
        var arguments = new ArrayList<>(
                List.of("train", Shell.NET, "--data", "shapes:validation", "--set", "input.size=16", "--out"));
        arguments.add(folder.resolve("runs").toString());
        arguments.addAll(List.of(option.split(" ")));
        Ended ended = fovea(arguments.toArray(String[]::new));
        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err()).contains(message);
        try (var runs = Files.walk(folder)) {
            assertThat(runs.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void freezesWhatIsNamed() throws IOException {
        Ended frozen = training("frozen", "--freeze", "0.*, *.bias");
        assertThat(frozen.code()).as(frozen.err()).isZero();
        assertThat(frozen.err())
                .contains("freeze: ")
                .contains(" parameters stay as they are, at their random first values");
        assertThat(Files.readString(folder.resolve("frozen-1/recipe.yaml"))).contains("freeze:", "0.*", "*.bias");
        assertThat(training("all", "--freeze", "*").err()).contains("so nothing would be trained");
    }

    @Test
    void goesOnWithTheDataItBeganWithAndRefusesWhatItCannotTakeUp() {
        assertThat(training("run").code()).isZero();
        String run = folder.resolve("run-1").toString();
        Ended more = fovea("train", "--resume", run, "--epochs", "2", "--json");
        assertThat(more.code()).as(more.err()).isZero();
        assertThat(more.json().get("epochs").asInt()).isEqualTo(2);
        for (List<String> refused : List.of(
                List.of("--seed", "9"),
                List.of("--batch", "10"),
                List.of("--set", "input.size=32"),
                List.of("--epochs", "1"),
                List.of("--per-class", "5"),
                List.of("--only", "disc"),
                List.of("--skip-broken"),
                List.of("--weights", run),
                List.of("--name", "other"),
                List.of("--fast-dev-run"))) {
            var arguments = new ArrayList<>(List.of("train", "--resume", run));
            arguments.addAll(refused);
            Ended ended = fovea(arguments.toArray(String[]::new));
            assertThat(ended.code()).as("%s: %s", refused, ended.err()).isEqualTo(2);
            String name = refused.get(0).equals("--set")
                    ? "input.size"
                    : refused.get(0).substring(2);
            assertThat(ended.err()).contains(name);
        }
    }

    @Test
    void withAnotherFolderACopyGoesOn() {
        assertThat(training("run").code()).isZero();
        String other = folder.resolve("other").toString();
        Ended copy = fovea(
                "train", "--resume", folder.resolve("run-1").toString(), "--epochs", "2", "--out", other, "--json");
        assertThat(copy.code()).as(copy.err()).isZero();
        assertThat(copy.json().get("run").asString())
                .isEqualTo(Path.of(other, "run-1").toString());
        assertThat(copy.json().get("epochs").asInt()).isEqualTo(2);
    }

    @Test
    void aRunWithoutHeldOutImagesNamesNoReport() {
        Ended plain = training("bare", "--set", "selection.validation=0");
        assertThat(plain.out()).contains("report      none, no images were held out");
        assertThat(training("bare", "--set", "selection.validation=0", "--json")
                        .json()
                        .has("report"))
                .isFalse();
    }

    @Test
    void aRunThatRanOutOfTimeNamesTheModelThatIsThereAndTheLineToGoOn() {
        Ended stopped = training("slow", "--epochs", "50", "--max-time", "0.00001", "--json");
        JsonNode json = stopped.json();
        assertThat(json.get("end").asString()).isEqualTo("stopped");
        assertThat(Path.of(json.get("model").asString(), "model.safetensors")).exists();
        assertThat(json.has("report")).isFalse();
        assertThat(json.get("resume").asString()).isEqualTo("fovea train --resume " + folder.resolve("slow-1"));
        assertThat(stopped.err()).contains("go on with: fovea train --resume " + folder.resolve("slow-1"));
    }

    @Test
    void listsComparesAndRemovesRuns() {
        String a = training("a", "--seed", "5", "--json").json().get("run").asString();
        String b = training("b", "--lr", "0.01", "--json").json().get("run").asString();
        JsonNode runs =
                fovea("runs", "--out", folder.toString(), "--json").json().get("runs");
        assertThat(runs).hasSize(2);
        assertThat(runs.valueStream().map(run -> run.get("name").asString())).containsExactlyInAnyOrder("a-1", "b-1");
        assertThat(runs.get(0).get("data").asString()).isEqualTo("shapes:test");
        assertThat(fovea("runs", "--out", folder.toString()).out()).contains("a-1", "shapes:test", "finished");

        Ended compared =
                fovea("runs", "compare", a, b, "-o", folder.resolve("charts").toString(), "--json");
        assertThat(compared.json().get("differences").get("seed").get(0).asString())
                .isEqualTo("5");
        assertThat(folder.resolve("charts/train-loss.png")).exists();
        assertThat(fovea("runs", "compare", a, b).out()).contains("optimizer.lr", "train accuracy, last");
        assertThat(fovea("runs", "--out", folder.toString(), "compare", "a-1", "b-1")
                        .out())
                .contains("optimizer.lr", "train accuracy, last");

        assertThat(fovea("runs", "rm", a, "--json").json().get("removed").get(0).asString())
                .isEqualTo(a);
        assertThat(Path.of(a)).doesNotExist();
        assertThat(fovea("runs", "rm", folder.resolve("charts").toString()).code())
                .isEqualTo(2);
    }
}
