package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Film;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Objects with their boxes, from a list of files to drawings. */
class DetectionCommandsTest {

    private static final int IMAGES = 30;

    @TempDir
    private Path folder;

    private final ShapeScenes scenes = new ShapeScenes(1, IMAGES, 32, TargetKind.BOXES);

    /** Scenes as files, and a list of their boxes; two in three for training. */
    private Path list() throws IOException {
        var lines = new ArrayList<>(List.of("path,label,left,top,right,bottom,split"));
        for (int i = 0; i < IMAGES; i++) {
            Image.write(folder.resolve(i + ".png"), scenes.image(i));
            var objects = (Target.Objects) scenes.target(i);
            String part = i % 3 == 0 ? "val" : "train";
            if (objects.boxes().isEmpty()) {
                lines.add(i + ".png,,,,,," + part);
            }
            for (int j = 0; j < objects.boxes().size(); j++) {
                var box = objects.boxes().get(j);
                lines.add("%s.png,%s,%s,%s,%s,%s,%s"
                        .formatted(
                                i,
                                scenes.classes().get(objects.labels()[j]),
                                box.left(),
                                box.top(),
                                box.right(),
                                box.bottom(),
                                part));
            }
        }
        Path list = folder.resolve("boxes.csv");
        Files.write(list, lines);
        return list;
    }

    private JsonNode done(String... arguments) {
        Ended ended = fovea(arguments);
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.json();
    }

    @Test
    void fromAListOfBoxesToDrawings() throws IOException {
        String list = list().toString();
        JsonNode trained = done(
                "train",
                "fovea-det width=4",
                "--data",
                list,
                "--epochs",
                "1",
                "--batch",
                "10",
                "--precision",
                "fp32",
                "--set",
                "input.size=32",
                "--out",
                folder.resolve("runs").toString(),
                "--json");
        String run = trained.get("run").asString();
        assertThat(trained.get("validation").get("map").asDouble()).isBetween(0.0, 1.0);
        assertThat(Path.of(run, "report.html")).exists();

        JsonNode evaluated = done("evaluate", run, "--data", list + ":validation", "--json");
        assertThat(evaluated.get("metrics").get("map50").asDouble()).isBetween(0.0, 1.0);
        assertThat(evaluated.get("perClass")).isNotEmpty();
        assertThat(evaluated.get("errors").get(0).get("error").asString()).isEqualTo("classification");

        Path film = folder.resolve("film.gif");
        Film.write(
                film,
                IntStream.range(0, 3)
                        .mapToObj(i -> scenes.image(i).toBufferedImage())
                        .iterator(),
                10);
        String image = folder.resolve("1.png").toString();
        JsonNode found = done(
                "predict",
                run,
                image,
                film.toString(),
                "--confidence",
                "0.001",
                "-o",
                folder.resolve("found").toString(),
                "--json");
        JsonNode of = found.get("predictions").get(0);
        assertThat(of.get("objects")).isNotEmpty();
        assertThat(of.get("objects").get(0).get("label").asString()).isIn(scenes.classes());
        assertThat(of.get("objects").get(0).get("box")).hasSize(4);
        assertThat(Path.of(of.get("output").asString())).exists();
        assertThat(found.get("predictions").get(1).get("frames")).hasSize(3);
        assertThat(folder.resolve("found/film.gif")).exists();

        byte[] before = Files.readAllBytes(film);
        Ended over = fovea("predict", run, film.toString(), "-o", folder.toString());
        assertThat(over.code()).isEqualTo(2);
        assertThat(over.err()).contains("film.gif would be overwritten");
        assertThat(Files.readAllBytes(film)).isEqualTo(before);

        writtenAsData(run);

        Ended tiles = fovea("predict", run, image, "--tile", "8");
        assertThat(tiles.code()).isEqualTo(2);
        assertThat(tiles.err()).contains("a tile must be at least 32 pixels wide, got 8");
    }

    /** What is found in some photographs is data that is read again. */
    private void writtenAsData(String run) throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (int i = 0; i < 3; i++) {
            Files.copy(folder.resolve(i + ".png"), photos.resolve(i + ".png"));
        }
        for (String to : List.of("coco", "yolo", "csv")) {
            String out = folder.resolve(to).toString();
            JsonNode written =
                    done("predict", run, photos.toString(), "--confidence", "0.01", "--to", to, "-o", out, "--json");
            int objects = 0;
            for (JsonNode prediction : written.get("predictions")) {
                objects += prediction.get("objects").size();
            }
            assertThat(written.get("output").asString()).isEqualTo(out);
            assertThat(written.get("objects").asInt()).isPositive().isLessThanOrEqualTo(objects);
            assertThat(written.get("copied").asInt()).isEqualTo(3);
            JsonNode read = done("data", "inspect", to.equals("csv") ? out + "/boxes.csv" : out, "--json");
            assertThat(read.get("boxes").get("train").get("images").asInt()).isEqualTo(3);
            assertThat(read.get("boxes").get("train").get("objects").asInt())
                    .isEqualTo(written.get("objects").asInt());
        }
        assertThat(folder.resolve("coco/results.json")).isNotEmptyFile();
        assertRefused("is not empty, and nothing in it is overwritten", run, photos, "--to", "coco", "-o", photos);
        assertRefused("--to means nothing without -o", run, photos, "--to", "coco");
        assertRefused("--confidence: expected 0 to 1, got 7.0", "no-such-run", photos, "--confidence", "7");
        assertRefused("got 'kitti'", run, photos, "--to", "kitti", "-o", folder.resolve("new"));
        assertRefused(
                "film.gif is a clip", run, folder.resolve("film.gif"), "--to", "csv", "-o", folder.resolve("new"));
        assertThat(folder.resolve("new")).doesNotExist();

        Files.writeString(photos.resolve("broken.png"), "no image");
        Ended partly = fovea(
                "predict",
                run,
                photos.toString(),
                "--to",
                "csv",
                "-o",
                folder.resolve("partly").toString());
        assertThat(partly.code()).isEqualTo(2);
        assertThat(partly.err()).contains("broken.png: not an image");
        assertThat(folder.resolve("partly/images")).isDirectoryContaining("glob:**/2.png");
    }

    private static void assertRefused(String why, Object... arguments) {
        String[] words = Stream.concat(
                        Stream.of("predict"), Stream.of(arguments).map(Object::toString))
                .toArray(String[]::new);
        Ended ended = fovea(words);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains(why);
    }

    @Test
    void whatIsForDetectorsIsRefusedByOthers() throws IOException {
        Path list = list();
        Ended ended = fovea("train", "cifar-cnn", "--data", list.toString(), "--task", "detection");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("detection");
    }
}
