package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several labels an image, and numbers, from a list of files to predictions. */
class TargetCommandsTest {

    private static final int IMAGES = 60;

    @TempDir
    private Path folder;

    /** Scenes as files, and a list of them: labels as names separated by |, count and area in columns of their own. */
    private Path list() throws IOException {
        var labels = new ShapeScenes(1, IMAGES, 24, new TargetKind.SeveralLabels(false));
        var numbers = new ShapeScenes(1, IMAGES, 24, new TargetKind.Numbers(List.of("count", "area")));
        var lines = new ArrayList<>(List.of("path,labels,count,area,split"));
        for (int i = 0; i < IMAGES; i++) {
            Image.write(folder.resolve(i + ".png"), labels.image(i));
            float[] values = ((Target.Values) numbers.target(i)).numbers();
            String named = labels.targetText(i).equals("no label")
                    ? ""
                    : labels.targetText(i).replace(", ", "|");
            lines.add(String.join(
                    ",",
                    i + ".png",
                    named,
                    Float.toString(values[0]),
                    Float.toString(values[1]),
                    i < 40 ? "train" : i < 50 ? "val" : "test"));
        }
        Path list = folder.resolve("scenes.csv");
        Files.write(list, lines);
        return list;
    }

    private JsonNode done(String... arguments) {
        Ended ended = fovea(arguments);
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.json();
    }

    private String trained(Path list, String... more) {
        var arguments = new ArrayList<>(List.of("train", Shell.NET, "--data", list.toString()));
        arguments.addAll(List.of("--epochs", "2", "--batch", "20", "--precision", "fp32", "--json"));
        arguments.addAll(List.of(
                "--set", "input.size=24", "--out", folder.resolve("runs").toString()));
        arguments.addAll(List.of(more));
        return done(arguments.toArray(String[]::new)).get("run").asString();
    }

    @Test
    void severalLabelsFromAListToPredictions() throws IOException {
        Path list = list();
        JsonNode seen = done("data", "inspect", list.toString(), "--json");
        JsonNode train = seen.get("targets").get("train");
        assertThat(train.get("images").asInt()).isEqualTo(40);
        assertThat(train.get("unlabelled").asInt()).isBetween(1, 25);
        assertThat(train.get("together").get(0).get("images").asInt()).isPositive();
        String run = trained(list, "--task", "multi-label");
        JsonNode evaluated = done("evaluate", run, "--data", list.toString(), "--json");
        assertThat(evaluated.get("images").asInt()).isEqualTo(10);
        assertThat(evaluated.get("metrics").get("map").asDouble()).isBetween(0.0, 1.0);
        assertThat(evaluated.get("perLabel").get(0).get("name").asString()).isEqualTo("arrow");
        String image = folder.resolve("55.png").toString();
        JsonNode answer = done("predict", run, image, "--top", "3", "--json")
                .get("predictions")
                .get(0);
        assertThat(answer.get("top")).hasSize(3);
        for (JsonNode label : answer.get("labels")) {
            assertThat(label.get("probability").asDouble())
                    .isGreaterThanOrEqualTo(label.get("threshold").asDouble());
        }
        Path why = folder.resolve("why.png");
        JsonNode explained = done("explain", run, image, "--class", "star", "-o", why.toString(), "--json");
        assertThat(explained.get("class").asString()).isEqualTo("star");
        assertThat(Image.read(why).width()).isGreaterThanOrEqualTo(24);
    }

    @Test
    void numbersFromAListToPredictions() throws IOException {
        Path list = list();
        JsonNode seen = done("data", "inspect", list.toString(), "--targets", "count,area", "--json");
        assertThat(seen.get("targets")
                        .get("train")
                        .get("numbers")
                        .get("count")
                        .get("most")
                        .asDouble())
                .isEqualTo(3);
        String run = trained(list, "--task", "regression", "--targets", "area,count");
        JsonNode evaluated = done("evaluate", run, "--data", list.toString(), "--json");
        assertThat(evaluated.get("perTarget").get(0).get("name").asString()).isEqualTo("area");
        assertThat(evaluated.get("metrics").get("rmse").asDouble()).isPositive();
        String image = folder.resolve("55.png").toString();
        JsonNode values =
                done("predict", run, image, "--json").get("predictions").get(0).get("values");
        assertThat(values.get(1).get("name").asString()).isEqualTo("count");
        Path why = folder.resolve("why.png");
        JsonNode explained = done("explain", run, image, "--class", "count", "-o", why.toString(), "--json");
        assertThat(explained.get("value").asDouble())
                .isCloseTo(values.get(1).get("value").asDouble(), within(1e-4));
        assertThat(why).exists();
    }

    @Test
    void whatCannotBeLearnedFromIsRefusedInASentence() throws IOException {
        Path list = list();
        Files.writeString(folder.resolve("bad.csv"), "path,age\n1.png,4\n2.png,old\n");
        assertThat(fovea("train", Shell.NET, "--data", folder + "/bad.csv", "--task", "regression")
                        .err())
                .contains("bad.csv:3: 'old' in column 'age' is no finite number");
        assertThat(fovea("train", Shell.NET, "--data", list.toString(), "--task", "regression")
                        .err())
                .contains("Name columns in task.targets, of labels, count, area");
        assertThat(fovea("train", Shell.NET, "--data", list.toString(), "--targets", "count")
                        .err())
                .contains("which only regression has");
        assertThat(fovea("train", Shell.NET, "--data", "shapes", "--task", "multi-labl")
                        .err())
                .contains("did you mean 'multi-label'?");
        assertThat(fovea("train", Shell.NET, "--data", "shapes", "--task", "multi-label")
                        .err())
                .contains("shapes: has one class for each image. Several labels an image are read from a CSV file");
        assertThat(fovea("train", Shell.NET, "--data", "shape-scenes").err())
                .contains("shape-scenes: shows several shapes an image, and one class each is wanted");
    }
}
