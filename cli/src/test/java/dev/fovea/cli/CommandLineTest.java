package dev.fovea.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands as a user calls them, some of them in a process of their own. */
class CommandLineTest {

    private static final String NET = "conv 8 3, relu, maxpool 2, conv 16 3, relu, maxpool 2, flatten, dense classes";

    @TempDir
    Path folder;

    private record Ended(int code, String out, String err) {
        JsonNode json() {
            assertThat(out.strip().lines())
                    .as("one JSON object and nothing else on standard output")
                    .hasSize(1);
            return new JsonMapper().readTree(out);
        }
    }

    private static Ended fovea(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var caughtOut = new ByteArrayOutputStream();
        var caughtErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(caughtOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(caughtErr, true, StandardCharsets.UTF_8));
            int code = Main.run(args);
            return new Ended(
                    code, caughtOut.toString(StandardCharsets.UTF_8), caughtErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private Process start(String... args) throws IOException {
        return start(List.of(), args);
    }

    private Process start(List<String> before, String... args) throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.fovea.cli.Main"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
    }

    private String[] training(String name, int epochs) {
        return new String[] {
            "train",
            NET,
            "--data",
            "shapes:validation",
            "--set",
            "input.size=32",
            "--set",
            "augment.rotation=10",
            "--out",
            folder.toString(),
            "--name",
            name,
            "--epochs",
            Integer.toString(epochs),
            "--seed",
            "3",
            "--json"
        };
    }

    @Test
    void trainsEvaluatesPredictsAndExplains() throws IOException {
        Ended trained = fovea(training("run", 2));
        assertThat(trained.code()).isZero();
        String run = trained.json().get("run").asString();
        assertThat(trained.json().get("validation").get("accuracy").asDouble()).isBetween(0.0, 1.0);
        assertThat(trained.json().has("imagesPerSecond")).isTrue();

        Ended evaluated = fovea("evaluate", run, "--data", "shapes", "--json");
        assertThat(evaluated.json().get("metrics").get("macroF1").asDouble()).isBetween(0.0, 1.0);
        assertThat(evaluated.json().get("images").asInt()).isEqualTo(1000);

        Path image = folder.resolve("asked.png");
        dev.fovea.image.Image.write(
                image, new dev.fovea.data.Shapes(3, 10, 32).image(2).toBufferedImage());
        JsonNode prediction = fovea("predict", run, image.toString(), "--json")
                .json()
                .get("predictions")
                .get(0);
        assertThat(prediction.get("file").asString()).isEqualTo(image.toString());
        assertThat(prediction.get("top").get(0).get("probability").asDouble()).isGreaterThan(0.1);

        Path why = folder.resolve("why.png");
        Ended explained = fovea("explain", run, image.toString(), "-o", why.toString(), "--class", "star", "--json");
        assertThat(explained.json().get("class").asString()).isEqualTo("star");
        assertThat(javax.imageio.ImageIO.read(why.toFile()).getWidth()).isGreaterThanOrEqualTo(256);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train cifar-cn --data shapes|unknown model 'cifar-cn', did you mean 'cifar-cnn'?",
                "train cifar-cnn --data nowhere|nowhere: no such file or folder, and no data set of that name",
                "train cifar-cnn --data shapes --precision fp8|precision must be auto, fp32 or bf16, got precision=fp8",
                "train cifar-cnn --data shapes --set optimizer.lrr=1|unknown key 'optimizer.lrr', did you mean 'optimizer.lr'?",
                "train --data shapes|train: name a MODEL or a RECIPE.yaml, or --resume RUN",
                "predict nowhere a.jpg|nowhere: not a model package",
                "data fetch imagenet|data fetch: no data set 'imagenet', there are mnist",
                "bench train cifar-cnn --input 3x32|--input: expected CxHxW as in 3x32x32, got '3x32'",
                "train cifar-cnn|Missing required option: '--data=DATA'",
                "trane|unknown argument 'trane', did you mean 'train'?"
            })
    void saysInOneSentenceWhatIsWrongWithTheCall(String call, String message) {
        Ended plain = fovea(call.split(" "));
        assertThat(plain.code()).isEqualTo(2);
        assertThat(plain.err()).contains(message).doesNotContain("\tat ");
        Ended json = fovea((call + " --json").split(" "));
        assertThat(json.code()).isEqualTo(2);
        assertThat(json.json().get("error").asString()).contains(message);
    }

    private String trained(String name, String model, String... settings) {
        var arguments = new java.util.ArrayList<>(List.of(
                "train",
                model,
                "--data",
                "shapes:test",
                "--epochs",
                "1",
                "--batch",
                "100",
                "--out",
                folder.toString(),
                "--name",
                name,
                "--json"));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        Ended ended = fovea(arguments.toArray(String[]::new));
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.json().get("run").asString();
    }

    private Path shape() {
        Path image = folder.resolve("shape.png");
        dev.fovea.image.Image.write(
                image, new dev.fovea.data.Shapes(3, 10, 32).image(2).toBufferedImage());
        return image;
    }

    @Test
    void reconstructsWithAnAutoencoder() {
        String run = trained("coder", "conv-autoencoder code=8 width=8", "input.size=32", "input.channels=3");
        JsonNode metrics = fovea("evaluate", run, "--data", "shapes:validation", "--json")
                .json()
                .get("metrics");
        assertThat(metrics.get("mse").asDouble()).isBetween(0.0, 0.5);
        assertThat(fovea("evaluate", run, "--data", "shapes:test", "--probe").err())
                .contains("shapes:test has one part only");
        JsonNode back = fovea(
                        "reconstruct",
                        run,
                        shape().toString(),
                        "-o",
                        folder.resolve("back").toString(),
                        "--json")
                .json()
                .get("reconstructions")
                .get(0);
        assertThat(back.get("code")).hasSize(8);
        assertThat(Path.of(back.get("output").asString())).isNotEmptyFile();
    }

    @Test
    void restoresPictures() {
        String run = trained(
                "restorer",
                "dncnn depth=3 width=8",
                "input.size=16",
                "input.channels=3",
                "input.each=1",
                "precision=fp32");
        Ended done = fovea(
                "restore",
                run,
                shape().toString(),
                "-o",
                folder.resolve("clean").toString());
        assertThat(done.code()).isZero();
        assertThat(dev.fovea.image.Image.read(folder.resolve("clean/shape.png")).width())
                .isEqualTo(32);
        Ended refused =
                fovea("restore", run, shape().toString(), "--mask", shape().toString(), "-o", folder.toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("this one was trained against noise");
    }

    @Test
    void compressesAndDecompresses() throws IOException {
        String run = trained(
                "codec", "transform-codec width=8 latents=4", "input.size=32", "input.each=1", "precision=fp32");
        Path file = folder.resolve("shape.fvc");
        JsonNode coded = fovea("compress", run, shape().toString(), "-o", file.toString(), "--json")
                .json();
        assertThat(coded.get("bytes").asLong()).isEqualTo(Files.size(file));
        Path made = folder.resolve("made.png");
        assertThat(fovea("decompress", run, file.toString(), "-o", made.toString())
                        .code())
                .isZero();
        assertThat(dev.fovea.image.Image.read(made).width()).isEqualTo(32);
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 30));
        Ended damaged = fovea("decompress", run, file.toString(), "-o", made.toString());
        assertThat(damaged.code()).isEqualTo(2);
        assertThat(damaged.err()).contains("cut off");
    }

    @Test
    void findsWhatIsOdd() {
        String backbone = trained(
                "backbone", "conv 8 3, relu, maxpool 2, conv 8 3, relu, flatten, dense classes", "input.size=32");
        Ended unnamed = fovea("train", "padim", "--data", "shapes:test", "--only", "star", "--out", folder.toString());
        assertThat(unnamed.code()).isEqualTo(2);
        assertThat(unnamed.err()).contains("--set task.backbone=runs/flowers-1");
        Ended text = fovea(
                "train",
                "padim",
                "--data",
                "shapes:test",
                "--out",
                folder.toString(),
                "--set",
                "task.backbone=" + backbone);
        assertThat(text.err()).contains("is no network by name, such as resnet18");
        String named = trained("named", "resnet9-small", "input.size=32");
        Ended run = fovea(
                "train",
                "padim",
                "--data",
                "shapes:test",
                "--only",
                "star",
                "--out",
                folder.toString(),
                "--set",
                "task.backbone=" + named,
                "--json");
        assertThat(run.code()).as(run.err()).isZero();
        String detector = run.json().get("run").asString();
        JsonNode found = fovea(
                        "anomaly",
                        detector,
                        shape().toString(),
                        "-o",
                        folder.resolve("maps").toString(),
                        "--json")
                .json();
        assertThat(found.get("threshold").asDouble()).isPositive();
        assertThat(found.get("anomalies").get(0).has("odd")).isTrue();
        assertThat(Path.of(found.get("anomalies").get(0).get("output").asString()))
                .isNotEmptyFile();
        assertThat(fovea("evaluate", detector, "--data", "shapes:validation", "--normal", "star", "--json")
                        .json()
                        .get("metrics")
                        .get("auroc")
                        .asDouble())
                .isBetween(0.0, 1.0);
        assertThat(fovea("evaluate", detector, "--data", "shapes:validation").err())
                .contains("pass --normal CLASS");
    }

    @Test
    void fewPicturesAndMoreOfThemAreTrainedOn() {
        String run = trained("whole", "dcgan width=8", "input.size=32", "input.channels=3");
        Path more = folder.resolve("more");
        assertThat(fovea("generate", run, "-n", "40", "-o", more.toString()).code())
                .isZero();
        Ended few = fovea(
                "train",
                NET,
                "--data",
                "shapes",
                "--per-class",
                "4",
                "--extra",
                more.toString(),
                "--epochs",
                "1",
                "--set",
                "input.size=32",
                "--out",
                folder.toString());
        assertThat(few.code()).as(few.err()).isZero();
        assertThat(few.err()).contains("80 pictures");
    }

    @Test
    void seesClips() {
        Ended inspected = fovea("data", "inspect", "moving-shapes:validation", "--json");
        assertThat(inspected.json().get("kind").asString()).isEqualTo("clips");
        Ended trained = fovea(
                "train",
                "cnn-rnn hidden=16",
                "--data",
                "moving-shapes:validation",
                "--per-class",
                "3",
                "--epochs",
                "1",
                "--out",
                folder.toString(),
                "--json");
        assertThat(trained.code()).as(trained.err()).isZero();
        String run = trained.json().get("run").asString();
        Path clip = folder.resolve("clip.gif");
        dev.fovea.report.Grid.animate(
                new dev.fovea.data.MovingShapes(1, 1, 32, 16)
                        .frames(0, 0, 4, 8, 12).stream()
                                .map(dev.fovea.image.Image::toBufferedImage)
                                .toList(),
                clip);
        assertThat(fovea("predict", run, clip.toString(), "--json")
                        .json()
                        .get("predictions")
                        .get(0)
                        .get("top"))
                .hasSize(5);
        Path why = folder.resolve("frames.png");
        assertThat(fovea("explain", run, clip.toString(), "-o", why.toString(), "--json")
                        .json()
                        .get("method")
                        .asString())
                .isEqualTo("occlusion");
        assertThat(why).isNotEmptyFile();
        Ended picture = fovea("predict", run, shape().toString());
        assertThat(picture.code()).isEqualTo(2);
        assertThat(picture.err()).contains("not a clip. Expected a folder of numbered pictures");
    }

    @Test
    void writersOfTokensAreFasterWithTheirCache() {
        JsonNode measured = fovea(
                        "bench",
                        "write",
                        "pixel-transformer width=16 depth=1 heads=1",
                        "--input",
                        "1x12x12",
                        "--batch",
                        "2",
                        "--json")
                .json();
        assertThat(measured.get("tokens").asInt()).isEqualTo(144);
        assertThat(measured.get("ratio").asDouble()).isPositive();
        assertThat(fovea("bench", "write", "lenet5", "--input", "1x28x28").err())
                .contains("writes no tokens");
    }

    @Test
    void generatesPictures() {
        String run = trained("generator", "dcgan width=8", "input.size=16", "input.channels=3");
        Path grid = folder.resolve("grid.png");
        assertThat(fovea("generate", run, "-n", "4", "--grid", "-o", grid.toString())
                        .code())
                .isZero();
        assertThat(grid).isNotEmptyFile();
        Path many = folder.resolve("many");
        assertThat(fovea("generate", run, "-n", "3", "--class", "star", "-o", many.toString())
                        .code())
                .isZero();
        assertThat(many.resolve("star/000002.png")).isNotEmptyFile();
        Ended none = fovea("generate", run, "-n", "0", "-o", many.toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("must be 1 to 10000000, got 0");
        assertThat(fovea("evaluate", run, "--data", "shapes:test").err()).contains("pass --features RUN");
    }

    @Test
    void listsModelsAsJson() {
        JsonNode models = fovea("models", "resnet18", "--json").json().get("models");
        assertThat(models.get(0).get("parameters").asLong()).isEqualTo(11_689_512);
        assertThat(models.get(0).get("input").asString()).isEqualTo("3x224x224");
    }

    @Test
    void everyCommandHasHelpWithExamples() {
        for (String command : List.of(
                "demo",
                "doctor",
                "models",
                "data",
                "train",
                "evaluate",
                "predict",
                "explain",
                "reconstruct",
                "restore",
                "compress",
                "decompress",
                "generate",
                "anomaly",
                "bench")) {
            Ended help = fovea(command, "--help");
            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("Usage: fovea " + command, "Examples:");
        }
    }

    @Test
    void inspectsData() throws IOException {
        Path sheet = folder.resolve("sheet.png");
        JsonNode found = fovea("data", "inspect", "shapes:test", "--sheet", sheet.toString(), "--json")
                .json();
        assertThat(found.get("counts").get("train").get("star").asInt()).isEqualTo(100);
        assertThat(found.get("duplicates")).isEmpty();
        assertThat(javax.imageio.ImageIO.read(sheet.toFile()).getWidth()).isGreaterThan(400);
    }

    @Test
    void measuresSpeed() {
        JsonNode speed = fovea(
                        "bench", "train", "mnist-cnn", "--input", "1x28x28", "--batch", "8", "--steps", "5", "--json")
                .json();
        assertThat(speed.get("imagesPerSecond").asDouble()).isPositive();
        assertThat(speed.get("gflops").asDouble()).isPositive();
    }

    @Test
    void aKilledRunGoesOnBitIdentically() throws Exception {
        String whole = fovea(training("whole", 2)).json().get("run").asString();
        var random = new Random(4);
        for (int kill = 0; kill < 2; kill++) {
            Process process = kill == 0
                    ? start(training("killed", 2))
                    : start(
                            "train",
                            "--resume",
                            folder.resolve("killed-1").toString(),
                            "--data",
                            "shapes:validation",
                            "--json");
            Path checkpoint = folder.resolve("killed-1/checkpoints/last.safetensors");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!Files.exists(checkpoint) && process.isAlive() && System.nanoTime() < deadline) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(60));
            process.destroyForcibly().waitFor();
        }
        Ended resumed = fovea(
                "train", "--resume", folder.resolve("killed-1").toString(), "--data", "shapes:validation", "--json");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("killed-1/model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(Path.of(whole).resolve("model/model.safetensors")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFullDiskEndsTheRunWithOneSentenceAndNoPartialFile() throws Exception {
        // A limit on the size of files makes the system refuse the write, as a full disk does.
        Process process = start(List.of("sh", "-c", "ulimit -f 32 && exec \"$0\" \"$@\""), training("full", 1));
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String trace = Files.readString(folder.resolve("err.txt"));
        assertThat(process.exitValue()).as(trace).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("out.txt")))
                .startsWith("{\"error\":")
                .contains("safetensors: cannot be written (")
                .contains("What was there before is unchanged");
        assertThat(trace).doesNotContain("at dev.fovea");
        try (var files = Files.walk(folder.resolve("full-1"))) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void ctrlCSavesACheckpointAndCanBeResumed() throws Exception {
        Process process = start(training("stopped", 400));
        Path log = folder.resolve("stopped-1/metrics.csv");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(log) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("err.txt")))
                .contains("stopped; the checkpoint is saved, --resume goes on");
        Ended resumed = fovea(
                "train",
                "--resume",
                folder.resolve("stopped-1").toString(),
                "--data",
                "shapes:validation",
                "--epochs",
                "401",
                "--max-time",
                "0.001",
                "--json");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.json().get("end").asString()).isEqualTo("stopped");
    }
}
