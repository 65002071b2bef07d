package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.io.Safetensors;
import dev.fovea.models.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A network of the registry with weights of others, without any training. */
class PublishedWeightsTest {

    @TempDir
    private Path folder;

    private Shell shell;
    private String weights;

    @BeforeEach
    void weights() {
        shell = new Shell(folder);
        Path file = folder.resolve("published.safetensors");
        try (var scope = new Scope()) {
            var net = Models.get("cifar-cnn").create();
            net.state().initialize(Random.of(new Seed(1)));
            Safetensors.write(file, net.state().tensors(), Map.of());
        }
        weights = file.toString();
    }

    @Test
    void predictsWithAFileAndNamesAsManyClassesAsAskedFor() {
        String image = shell.shape().toString();
        JsonNode top = fovea("predict", "cifar-cnn", image, "--weights", weights, "--top", "3", "--json")
                .json()
                .get("predictions")
                .get(0)
                .get("top");
        assertThat(top).hasSize(3);
        assertThat(top.get(0).get("label").asString()).matches("class \\d");
        Ended half = fovea("predict", "cifar-cnn", image, "--weights", weights, "--precision", "bf16", "--json");
        assertThat(half.json()
                        .get("predictions")
                        .get(0)
                        .get("top")
                        .get(0)
                        .get("probability")
                        .asDouble())
                .isNotEqualTo(top.get(0).get("probability").asDouble());
        assertThat(fovea("predict", "cifar-cnn", image, "--weights", weights, "--top", "0")
                        .err())
                .contains("top: expected a number of classes from 1, got 0");
    }

    @Test
    void explainsWithAFile() {
        Path out = folder.resolve("why.png");
        assertThat(fovea("explain", "cifar-cnn", shell.shape().toString(), "--weights", weights, "-o", out.toString())
                        .code())
                .isZero();
        assertThat(out).isRegularFile();
    }

    @Test
    void evaluatesAgainstTheClassesOfTheWeights() {
        assertThat(fovea("evaluate", "cifar-cnn", "--data", "shapes:test", "--weights", weights)
                        .err())
                .contains("the data has classes that the model does not know")
                .contains("It knows 'class 0', 'class 1'");
    }

    @Test
    void findsObjectsWithADetectorsFile() throws IOException {
        Path file = folder.resolve("ssdlite.safetensors");
        try (var scope = new Scope()) {
            var net = Models.get("ssdlite320_mobilenet_v3_large").create();
            net.state().initialize(Random.of(new Seed(1)));
            Safetensors.write(file, net.state().tensors(), Map.of());
        }
        Path image = shell.shape();
        JsonNode found = fovea(
                        "predict",
                        "ssdlite320_mobilenet_v3_large",
                        image.toString(),
                        "--weights",
                        file.toString(),
                        "--confidence",
                        "0",
                        "--json")
                .json();
        JsonNode objects = found.get("predictions").get(0).get("objects");
        assertThat(objects.size()).isPositive();
        assertThat(objects.get(0).get("box")).hasSize(4);
        Path csv = folder.resolve("boxes.csv");
        Files.writeString(csv, "path,label,left,top,right,bottom%n%s,cat,2,3,20,21%n".formatted(image));
        Ended evaluated = fovea(
                "evaluate",
                "ssdlite320_mobilenet_v3_large",
                "--data",
                csv.toString(),
                "--weights",
                file.toString(),
                "--json");
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
        assertThat(fovea("predict", "retinanet_resnet50_fpn", image.toString()).err())
                .contains("add --weights coco");
        assertThat(fovea("predict", "retinanet_resnet50_fpn", image.toString(), "--weights", "imagenet")
                        .err())
                .contains("'imagenet' are weights of resnet50, the backbone of 'retinanet_resnet50_fpn'");
        assertThat(fovea("predict", "fovea-det", image.toString(), "--weights", file.toString())
                        .err())
                .contains("does not say which classes 'fovea-det' finds");
        assertThat(evaluated.json().get("metrics").get("map").asDouble()).isBetween(0.0, 1.0);
    }

    @Test
    void saysWhatIsMissing() {
        String image = shell.shape().toString();
        assertThat(fovea("predict", "cifar-cnn", image).err())
                .contains("cifar-cnn: a network without weights. Name the folder of a run, or add --weights imagenet");
        assertThat(fovea("predict", "cifar-cnn", image, "--weights", "imagenet").err())
                .contains(
                        "imagenet: no such file, and no published weights of cifar-cnn are called so. None are known");
        assertThat(fovea("predict", "resnet50", image, "--weights", "imagenet1k_v3")
                        .err())
                .contains("Known are imagenet (the best), imagenet1k_v2, imagenet1k_v1");
        assertThat(fovea("predict", "vae", image, "--weights", weights).err())
                .contains("'vae' is neither a classifier of images nor a detector");
        assertThat(fovea("predict", "resnet18", image, "--weights", weights).err())
                .contains("published.safetensors: weights do not fit: ");
        assertThat(fovea("train", "cifar-cnn", "--data", "shapes", "--ignore-head")
                        .err())
                .contains("--ignore-head means nothing without --weights");
    }

    @Test
    void listsWhatIsKnownWithAddressLicenceAndPreprocessing() {
        JsonNode row = fovea("weights", "list", "resnet50.imagenet1k_v1", "--json")
                .json()
                .get("weights")
                .get(0);
        assertThat(row.get("name").asString()).isEqualTo("resnet50.imagenet1k_v1");
        assertThat(row.get("source").asString()).isEqualTo("https://download.pytorch.org/models/resnet50-0676ba61.pth");
        assertThat(row.get("sha256").asString()).isEqualTo("0676ba61");
        assertThat(row.get("licence").asString()).isEqualTo("BSD-3-Clause");
        assertThat(row.get("resize").asInt()).isEqualTo(256);
        assertThat(row.get("size").asInt()).isEqualTo(224);
        List<String> lines = fovea("weights", "list").out().lines().toList();
        assertThat(lines.get(0)).startsWith("NAME ");
        assertThat(lines.subList(1, lines.size())).hasSizeGreaterThan(3).isSorted();
        assertThat(fovea("weights", "list", "resnet50.imagenet1k_v1").out()).contains(".pth", "SHA-256 ");
        assertThat(fovea("weights", "list", "xyz").err()).contains("no published weights have 'xyz' in their name");
        assertThat(fovea("weights", "fetch", "resnet5").err()).contains("no published weights 'resnet5'");
        assertThat(Files.exists(folder.resolve("weights"))).isFalse();
    }

    @Test
    void timesTheReadingOfAFile() {
        JsonNode timed =
                fovea("bench", "weights", weights, "--times", "1", "--json").json();
        assertThat(timed.get("bytes").asLong())
                .isEqualTo(Path.of(weights).toFile().length());
        assertThat(timed.get("ratio").asDouble()).isPositive();
        assertThat(fovea("bench", "weights", weights, "--times", "0").err())
                .contains("--times: expected a number from 1");
    }
}
