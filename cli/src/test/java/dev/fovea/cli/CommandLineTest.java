package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What every command has in common, and the way of a classifier. */
class CommandLineTest {

    @TempDir
    private Path folder;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(folder);
    }

    @Test
    void trainsEvaluatesPredictsAndExplains() throws IOException {
        Ended trained = fovea(shell.training("run", 2));
        assertThat(trained.code()).isZero();
        String run = trained.json().get("run").asString();
        assertThat(trained.json().has("imagesPerSecond")).isTrue();

        Ended evaluated = fovea("evaluate", run, "--data", "shapes", "--json");
        assertThat(evaluated.json().get("images").asInt()).isEqualTo(1000);

        Path image = folder.resolve("asked.png");
        Image.write(image, new Shapes(3, 10, 32).image(2).toBufferedImage());
        JsonNode prediction = fovea("predict", run, image.toString(), "--json")
                .json()
                .get("predictions")
                .get(0);
        assertThat(prediction.get("file").asString()).isEqualTo(image.toString());
        assertThat(prediction.get("top").findValues("probability"))
                .extracting(JsonNode::asDouble)
                .hasSize(5)
                .isSortedAccordingTo(Comparator.reverseOrder());

        answersWhatItCan(run, image);
        saysWhichPartAndEveryAnswer(run, evaluated.json().get("metrics"));
        saysWhatAnswersAreWorth(run, image);
        Path why = folder.resolve("why.png");
        Ended explained = fovea("explain", run, image.toString(), "-o", why.toString(), "--class", "star", "--json");
        assertThat(explained.json().get("class").asString()).isEqualTo("star");
        assertThat(javax.imageio.ImageIO.read(why.toFile()).getWidth()).isGreaterThanOrEqualTo(256);
    }

    private void answersWhatItCan(String run, Path image) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.png"), "no image");
        Ended some = fovea("predict", run, image.toString(), broken.toString(), image.toString(), "--json");
        assertThat(some.code()).isEqualTo(2);
        JsonNode rows = some.json().get("predictions");
        assertThat(rows).hasSize(3);
        assertThat(rows.get(1).get("error").asString()).contains("broken.png").doesNotContain("--");
        assertThat(rows.get(1).has("top")).isFalse();
        assertThat(rows.get(2).get("top")).isEqualTo(rows.get(0).get("top"));
        Ended one = fovea("predict", run, broken.toString(), "--json");
        assertThat(one.code()).isEqualTo(2);
        assertThat(one.json().get("error").asString()).contains("broken.png");
        Path album = Files.createDirectories(folder.resolve("album/deeper"));
        Files.copy(image, album.resolve("b.png"));
        Files.writeString(album.resolve("notes.txt"), "no image");
        Ended whole = fovea("predict", run, album.getParent().toString(), "--json");
        assertThat(whole.code()).as(whole.err()).isZero();
        assertThat(whole.json().get("predictions")).hasSize(1);
        assertThat(fovea("predict", run, folder.resolve("run-1/checkpoints").toString())
                        .err())
                .contains("a folder without an image");
        if (Files.exists(Path.of("/dev/zero"))) {
            assertThat(fovea("predict", run, "/dev/zero").code()).isEqualTo(2);
        }
    }

    private void saysWhatAnswersAreWorth(String run, Path image) throws IOException {
        Path unlike = Files.createDirectories(folder.resolve("unlike"));
        Files.copy(image, unlike.resolve("a.png"));
        JsonNode row = fovea("predict", run, image.toString(), "--coverage", "0.9", "--reject", "--json")
                .json()
                .get("predictions")
                .get(0);
        assertThat(row.get("set").get(0).asString())
                .isEqualTo(row.get("top").get(0).get("label").asString());
        assertThat(row.get("rejected").asBoolean())
                .isEqualTo(row.get("distance").asDouble() > row.get("threshold").asDouble());
        JsonNode metrics = fovea(
                        "evaluate",
                        run,
                        "--data",
                        "shapes",
                        "--coverage",
                        "0.9",
                        "--unlike",
                        unlike.toString(),
                        "--json")
                .json()
                .get("metrics");
        assertThat(metrics.get("coverage").asDouble()).isBetween(0.85, 1.0);
        assertThat(metrics.get("meanSetSize").asDouble()).isBetween(1.0, 10.0);
        assertThat(metrics.get("rejectedKnown").asDouble()).isBetween(0.0, 0.5);
        assertThat(fovea("predict", run, image.toString(), "--coverage", "95").err())
                .contains("coverage: expected a share above 0 and below 1, such as 0.95, got 95.0");
    }

    private void saysWhichPartAndEveryAnswer(String run, JsonNode metrics) throws IOException {
        Path csv = folder.resolve("answers.csv");
        Ended test = fovea("evaluate", run, "--data", "shapes", "--csv", csv.toString());
        assertThat(test.code()).as(test.err()).isZero();
        assertThat(test.out()).contains("images of the test part", "precision", "star ");
        assertThat(Files.readAllLines(csv)).hasSize(1001).first().isEqualTo("file,truth,answer,probability");
        assertThat(Files.readAllLines(csv).get(1)).matches("[^,]+,[a-z -]+,[a-z -]+,[0-9.E-]+");
        countsAnswers(Files.readAllLines(csv).subList(1, 1001), metrics);
        Path data = Files.createDirectories(folder.resolve("two-parts"));
        var shapes = new Shapes(3, 40, 16);
        for (int i = 0; i < 40; i++) {
            Path file = data.resolve(
                    (i < 20 ? "train/" : "val/") + shapes.classes().get(shapes.label(i)) + "/" + i + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, shapes.image(i).toBufferedImage());
        }
        Ended validation = fovea("evaluate", run, "--data", data.toString(), "--json");
        assertThat(validation.json().get("part").asString()).isEqualTo("validation");
        assertThat(validation.err()).contains("no test part: these are the 20 images of the validation part");
        for (String part : List.of("validation", "val")) {
            assertThat(fovea("evaluate", run, "--data", data + ":" + part).out())
                    .contains("images of the " + part + " part");
        }
        assertThat(fovea("evaluate", run, "--data", data.resolve("val").toString())
                        .out())
                .as("a folder of its own")
                .contains("images ")
                .doesNotContain("images of the");
    }

    /** Accuracy and macro F1 by their definitions, from the answers. */
    private static void countsAnswers(List<String> rows, JsonNode metrics) {
        var answers = rows.stream().map(row -> row.split(",")).toList();
        double f1 = new Shapes(1, 1, 16)
                .classes().stream()
                        .mapToDouble(name -> {
                            double truth = answers.stream()
                                    .filter(a -> a[1].equals(name))
                                    .count();
                            double answered = answers.stream()
                                    .filter(a -> a[2].equals(name))
                                    .count();
                            double right = answers.stream()
                                    .filter(a -> a[1].equals(name) && a[2].equals(name))
                                    .count();
                            return 2 * right / (truth + answered);
                        })
                        .average()
                        .orElseThrow();
        double right = answers.stream().filter(a -> a[1].equals(a[2])).count();
        assertThat(metrics.get("accuracy").asDouble()).isCloseTo(right / 1000, within(1e-9));
        assertThat(metrics.get("macroF1").asDouble()).isCloseTo(f1, within(1e-9));
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
                "predict nowhere a.jpg|nowhere: there is no such file or folder",
                "data fetch imagenet|data fetch: no data set 'imagenet', there are mnist",
                "bench train cifar-cnn --input 3x32|--input: expected CxHxW as in 3x32x32, got '3x32'",
                "train cifar-cnn|missing required option: '--data=DATA'",
                "train cifar-cnn --dat shapes|unknown argument '--dat', did you mean '--data'?",
                "evaluate nowhere --dat=shapes|unknown argument '--dat', did you mean '--data'?",
                "train cifar-cnn --data minst|no data set of that name, did you mean 'mnist'? Names are shapes",
                "train cifar-cnn --data shapes:tset|shapes:tset: no part 'tset', did you mean 'test'? parts are",
                "train cifar-cnn --data shapes --format foldr|got 'foldr', did you mean 'folder'?",
                "train cifar-cnn --data shapes --epochs x|--epochs: expected a whole number, got 'x'",
                "train cifar-cnn --data shapes --epochs 1 --epochs 2|--epochs: is given twice, and takes one value",
                "train cifar-cnn --data shapes --set .=1|setting '.=1': expected key=value",
                "train cifar-cnn --data shapes --set schedule.type=onecycle|did you mean 'one-cycle'?",
                "generate nowhere -o x --sampler hein|--sampler: expected one of ddim, ddpm, heun, got 'hein', did you mean 'heun'?",
                "models resnt18|no model has 'resnt18' in its name, did you mean 'resnet18'?",
                "models --task reconstuction|got 'reconstuction', did you mean 'reconstruction'?",
                "models --summary resnt18|unknown model 'resnt18', did you mean 'resnet18'?",
                "data fetch minst|data fetch: no data set 'minst', did you mean 'mnist'? there are",
                "data inspct x|unknown argument 'inspct', did you mean 'inspect'?",
                "--verison|unknown argument '--verison', did you mean '--version'?",
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

    @Test
    void listsModelsAsJson() {
        JsonNode models = fovea("models", "resnet18", "--json").json().get("models");
        assertThat(models.get(0).get("parameters").asLong()).isEqualTo(11_689_512);
        assertThat(models.get(0).get("input").asString()).isEqualTo("3x224x224");
        assertThat(models.get(0).get("options").asString())
                .isEqualTo("unit=basic depths=2,2,2,2 width=64 groups=1 groupWidth=64 squeeze=false dropPath=0");
        assertThat(fovea("models", "conv-autoencoder", "--json")
                        .json()
                        .get("models")
                        .get(0)
                        .get("options")
                        .asString())
                .isEqualTo("code=64 width=32 activation=linear batchNorm=true");
    }

    @Test
    void theGraphOfAModelIsALineForEachOperation() {
        JsonNode graph = fovea("models", "--graph", "lenet5", "--json").json().get("graph");
        assertThat(graph).hasSize(12);
        assertThat(graph.get(0).asString())
                .startsWith("1 0 conv2d ")
                .contains("stride=[1, 1]", "(image, 0.weight, 0.bias)")
                .endsWith("-> [N, 6, 28, 28]");
        assertThat(graph.get(11).asString()).startsWith("12 11 linear (11, ").endsWith("-> [N, 10]");
        assertThat(fovea("models", "--graph", "lenet5").out().lines()).hasSize(12);
    }

    @Test
    void listsTheOptionsOfModelsThatAreNamed() {
        assertThat(fovea("models", "cnn-").out())
                .contains("options: backbone=cifar-cnn motion=true pool=4 cell=gru hidden=128")
                .satisfies(text -> assertThat(text.lines())
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120)));
        assertThat(fovea("models").out()).startsWith("NAME ").doesNotContain("options:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "doctor",
                "models",
                "data",
                "train",
                "runs",
                "evaluate",
                "predict",
                "explain",
                "reconstruct",
                "restore",
                "compress",
                "decompress",
                "generate",
                "anomaly",
                "bench"
            })
    void everyCommandHasHelpWithExamples(String command) {
        Ended help = fovea(command, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: fovea " + command, "Examples:").doesNotContain("%%", "%n");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void theHelpGroupsAllCommands() {
        Ended help = fovea("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains("Train and compare:", "  train ", "  runs ", "  predict ", "Examples:")
                .doesNotContain("Other:");
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

    /** Before the first step of the data, after the last of the answers; and the report says all of it once more. */
    @Test
    void trainingSaysWhatMayMisleadAndSoDoesItsReport() throws IOException {
        for (int i = 0; i < 50; i++) { // all but alike, so that nothing but the shares of the classes can be learned
            Path file = folder.resolve("few/%s/%d.png".formatted(i < 40 ? "ants" : "bees", i));
            Files.createDirectories(file.getParent());
            byte[] pixels = new byte[64 * 3];
            Arrays.fill(pixels, (byte) 100);
            pixels[i == 49 ? 0 : i] = 101; // the last is the first once more
            Image.write(file, new Image(8, 8, 3, pixels).toBufferedImage());
        }
        Ended ended = fovea(
                "train",
                "flatten, dense classes",
                "--data",
                folder.resolve("few").toString(),
                "--set",
                "input.size=8",
                "--set",
                "selection.validation=0.2",
                "--set",
                "input.normalize=unit",
                "--epochs",
                "30",
                "--lr",
                "0.01",
                "--out",
                folder.toString(),
                "--json");
        assertThat(ended.code()).as(ended.err()).isZero();
        String report = Files.readString(Path.of(ended.json().get("report").asString()));
        assertThat(report).contains("10 validation images");
        for (String pattern : List.of(
                "1 image is found more than once with different labels, such as .*",
                "class 'ants' has 3\\d training images and 'bees' only \\d, .* times fewer: task.logitAdjustment=1 .*",
                "the validation part has 10 images, so that a single one is 10.0 % of every share.*",
                "The validation accuracy of 0.(\\d+) is no better than answering 'ants' every time \\(0.\\1\\). Set task.logitAdjustment=1.*",
                "Never the answer on the validation images, though they are there: 'bees'\\. .*")) {
            var said = ended.err().lines().filter(line -> line.matches(pattern)).toList();
            assertThat(said).as(pattern + " in " + ended.err()).hasSize(1);
            assertThat(report).contains(said.get(0).replace("'", "&#39;"));
        }
    }

    @Test
    void aNetworkForSomeClassesHasThoseAlone() {
        Ended ended = fovea(
                "train",
                Shell.NET,
                "--data",
                "shapes:test",
                "--only",
                "star,circle",
                "--per-class",
                "10",
                "--set",
                "input.size=16",
                "--epochs",
                "1",
                "--out",
                folder.toString(),
                "--json");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.json().get("validation").has("top5Accuracy")).isFalse();
        JsonNode top = fovea(
                        "predict",
                        ended.json().get("run").asString(),
                        shell.shape().toString(),
                        "--json")
                .json()
                .get("predictions")
                .get(0)
                .get("top");
        assertThat(top.findValuesAsString("label")).containsExactlyInAnyOrder("circle", "star");
    }

    @Test
    void neverOverwritesWhatItReads() throws IOException {
        Path image = shell.shape();
        byte[] before = Files.readAllBytes(image);
        for (List<String> call : List.of(
                List.of("explain", "no-model", image.toString(), "-o", image.toString()),
                List.of("compress", "no-model", image.toString(), "-o", image.toString()),
                List.of("reconstruct", "no-model", image.toString(), "--sweep", "1", "-o", image.toString()),
                List.of(
                        "evaluate",
                        shell.trained("run", Shell.NET, "input.size=16"),
                        "--data",
                        image.toString(),
                        "--csv",
                        image.toString()))) {
            Ended refused = fovea(call.toArray(String[]::new));
            assertThat(refused.code()).as(call.toString()).isEqualTo(2);
            assertThat(refused.err().strip())
                    .as(call.toString())
                    .isEqualTo(
                            "fovea: " + image
                                    + ": is read by this command and would be overwritten by what it writes. Name another file");
            assertThat(Files.readAllBytes(image)).isEqualTo(before);
        }
    }

    @Test
    void inspectingDrawsNoSheetUnasked() throws IOException {
        Path here = Path.of("contact-sheet.png");
        Files.deleteIfExists(here);
        Ended found = fovea("data", "inspect", "shapes:test");
        assertThat(found.code()).isZero();
        assertThat(found.out()).doesNotContain("contact sheet");
        assertThat(here).doesNotExist();
    }

    @Test
    void inspectingSaysWhatMayMislead() throws IOException {
        for (int i = 0; i < 9; i++) {
            Path file = folder.resolve(i < 7 ? "skewed/ants/%d.png".formatted(i) : "skewed/bees/%d.png".formatted(i));
            Files.createDirectories(file.getParent());
            var image = new java.awt.image.BufferedImage(4, 4, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
            image.setRGB(0, 0, i == 8 ? 0 : i * 0x101010); // the last is the first once more
            javax.imageio.ImageIO.write(image, "png", file.toFile());
        }
        JsonNode found = fovea("data", "inspect", folder.resolve("skewed").toString(), "--json")
                .json();
        assertThat(found.get("remarks").get(0).asString())
                .isEqualTo("class 'ants' has 7 training images and 'bees' only 2, 3.5 times fewer: "
                        + "task.logitAdjustment=1 finds more of the rare ones");
        assertThat(found.get("remarks").get(1).asString())
                .startsWith("1 image is found more than once with different labels, such as ")
                .endsWith("8.png ('bees'): remove or relabel it");
    }

    @Test
    void measuresSpeed() {
        JsonNode speed = fovea(
                        "bench", "train", "mnist-cnn", "--input", "1x28x28", "--batch", "8", "--steps", "5", "--json")
                .json();
        double gflop = 2 * 3 * 2_794_240 / 1e9; // multiply-adds counted by hand; forward, and twice that backward
        assertThat(speed.get("gflops").asDouble() / speed.get("imagesPerSecond").asDouble())
                .isCloseTo(gflop, withinPercentage(0.1));
        assertThat(speed.get("msPerStep").asDouble()
                        * speed.get("imagesPerSecond").asDouble())
                .as("8 images a step")
                .isCloseTo(8000, withinPercentage(1));
    }

    @Test
    void measuresTheSpeedOfADetectorOnSyntheticObjects() {
        JsonNode speed = fovea(
                        "bench",
                        "train",
                        "fovea-det width=8",
                        "--input",
                        "3x64x64",
                        "--batch",
                        "2",
                        "--steps",
                        "1",
                        "--json")
                .json();
        assertThat(speed.get("imagesPerSecond").asDouble()).isPositive();
        assertThat(fovea("bench", "train", "keypointrcnn_resnet50_fpn", "--input", "3x64x64", "--batch", "2")
                        .err())
                .contains("no synthetic keypoints");
    }

    @Test
    void helpIsACommandToo() throws Exception {
        assertThat(fovea("help").out()).contains("Train and compare:", "fovea demo");
        assertThat(fovea("help", "train").out()).startsWith("Usage: fovea train");
        assertThat(fovea("help", "data", "audit").out()).startsWith("Usage: fovea data audit");
        assertThat(fovea("help", "data", "adit").err())
                .contains("fovea data: no command 'adit', did you mean 'audit'?");
    }
}
