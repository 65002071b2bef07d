package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Path;
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
        assertThat(trained.json().get("validation").get("accuracy").asDouble()).isBetween(0.0, 1.0);
        assertThat(trained.json().has("imagesPerSecond")).isTrue();

        Ended evaluated = fovea("evaluate", run, "--data", "shapes", "--json");
        assertThat(evaluated.json().get("metrics").get("macroF1").asDouble()).isBetween(0.0, 1.0);
        assertThat(evaluated.json().get("images").asInt()).isEqualTo(1000);

        Path image = folder.resolve("asked.png");
        Image.write(image, new Shapes(3, 10, 32).image(2).toBufferedImage());
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
                "predict nowhere a.jpg|nowhere: there is no such folder",
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

    @Test
    void listsModelsAsJson() {
        JsonNode models = fovea("models", "resnet18", "--json").json().get("models");
        assertThat(models.get(0).get("parameters").asLong()).isEqualTo(11_689_512);
        assertThat(models.get(0).get("input").asString()).isEqualTo("3x224x224");
        assertThat(models.get(0).get("options").asString()).isEmpty();
        assertThat(fovea("models", "conv-autoencoder", "--json")
                        .json()
                        .get("models")
                        .get(0)
                        .get("options")
                        .asString())
                .isEqualTo("code=64 width=32 activation=linear batchnorm=1");
    }

    @Test
    void listsTheOptionsOfModelsThatAreNamed() {
        assertThat(fovea("models", "cnn-").out())
                .contains("options: backbone=cifar-cnn motion=1 pool=4 cell=gru hidden=128")
                .satisfies(text -> assertThat(text.lines())
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120)));
        assertThat(fovea("models").out()).doesNotContain("options:");
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
}
