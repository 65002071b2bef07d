package dev.fovea.serve.studio.annotate;

import static dev.fovea.serve.studio.StudioServer.detail;
import static dev.fovea.serve.studio.StudioServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Data;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AnnotationRoutesTest {

    private static final String HOSTILE = "</text><script>alert(1)</script>\u202e\"";

    @TempDir
    private Path workspace;

    private static Map<String, Object> request(String path, int index, Object objects, List<String> classes) {
        var body = new LinkedHashMap<String, Object>();
        body.put("path", path);
        body.put("part", "train");
        body.put("index", index);
        body.put("objects", objects);
        body.put("classes", classes);
        return body;
    }

    private static Map<String, Object> box(int label, double... edges) {
        return Map.of("label", label, "box", edges, "polygons", List.of(), "ignore", false, "origin", -1);
    }

    @Test
    void correctsBoxesBesideTheDataAndGivesThemBack() throws Exception {
        Path data = Scenes.written(workspace, "scenes", "voc", 30, 2);
        Map<Path, byte[]> before = files(data);
        try (var served = new StudioServer(workspace)) {
            JsonNode shown = json(served.get("/api/annotations", "path", "scenes", "part", "train", "index", "3"));
            assertThat(shown.get("width").asInt()).isEqualTo(48);
            assertThat(shown.get("corrected").asBoolean()).isFalse();
            assertThat(shown.get("parts").get("train").asInt()).isEqualTo(30);
            int objects = shown.get("objects").size();

            var sent = new java.util.ArrayList<Object>();
            shown.get("objects").forEach(sent::add);
            sent.add(box(1, 4, 5, 20.5, 30));
            JsonNode saved = json(served.post("/api/annotations/save", request("scenes", 3, sent, List.of())));
            assertThat(saved.get("correctedImages").asInt()).isEqualTo(1);
            assertThat(saved.get("file").asString()).isEqualTo("scenes.corrected.json");
            assertThat(saved.get("objects").size()).isEqualTo(objects + 1);
            assertThat(saved.get("objects").get(0).get("origin").asInt()).isZero();
            assertThat(saved.get("objects").get(objects).get("box").get(2).asDouble())
                    .isEqualTo(20.5);

            var corrected = Data.open(
                    workspace.resolve("scenes.corrected.json").toString(),
                    Data.Options.of().withTargets(TargetKind.BOXES));
            assertThat(((Target.Objects) corrected.train().target(3)).boxes()).hasSize(objects + 1);
            assertThat(files(data)).as("the data itself").isEqualTo(before);
            assertThat(json(served.get("/api/annotations", "path", "scenes.corrected.json", "index", "3"))
                            .get("path")
                            .asString())
                    .isEqualTo("scenes");

            JsonNode reset =
                    json(served.post("/api/annotations/reset", Map.of("path", "scenes", "part", "train", "index", 3)));
            assertThat(reset.get("objects").size()).isEqualTo(objects);
            Splits none = Data.open(
                    workspace.resolve("scenes.corrected.json").toString(),
                    Data.Options.of().withTargets(TargetKind.BOXES));
            assertThat(((Target.Objects) none.train().target(3)).boxes())
                    .as("runs may name the file")
                    .hasSize(objects);
        }
    }

    @Test
    void correctsNothingOfImagesThatAreOthersByNow() throws Exception {
        Path data = Scenes.written(workspace, "scenes", "voc", 10, 2);
        try (var served = new StudioServer(workspace)) {
            JsonNode shown = json(served.get("/api/annotations", "path", "scenes", "part", "train", "index", "3"));
            var sent = request("scenes", 3, List.of(box(1, 4, 5, 20.5, 30)), List.of());
            sent.put("version", shown.get("version").asString() + "0");
            for (String act : List.of("save", "reset")) {
                var refused = served.post("/api/annotations/" + act, sent);
                assertThat(refused.statusCode()).isEqualTo(409);
                assertThat(detail(refused)).startsWith("scenes: its images have changed since this page showed them");
            }
            assertThat(workspace.resolve("scenes.corrected.json")).doesNotExist();
            sent.put("version", shown.get("version").asString());
            assertThat(json(served.post("/api/annotations/save", sent)).get("version"))
                    .isEqualTo(shown.get("version"));
        }
    }

    @Test
    void dataAndItsCorrectedObjectsHaveOneListOfImagesLeftOut() throws Exception {
        Scenes.written(workspace, "scenes", "voc", 10, 2);
        try (var served = new StudioServer(workspace)) {
            json(served.post(
                    "/api/annotations/save", request("scenes", 3, List.of(box(1, 4, 5, 20.5, 30)), List.of())));
            json(served.post(
                    "/api/data/correct",
                    Map.of(
                            "path",
                            "scenes.corrected.json",
                            "version",
                            served.studio.data().open("scenes.corrected.json").version(),
                            "action",
                            "remove",
                            "images",
                            Map.of("train", List.of(2)))));
            assertThat(workspace.resolve("scenes.corrected.json.corrections.csv"))
                    .doesNotExist();
            assertThat(Files.readString(workspace.resolve("scenes.corrections.csv")))
                    .contains("remove");
        }
    }

    @Test
    void offersTheNewestModelFirst() throws Exception {
        SampleWorkspace.model(workspace, "detect", "a-old");
        SampleWorkspace.model(workspace, "detect", "b-new");
        Files.setLastModifiedTime(workspace.resolve("a-old/config.json"), FileTime.fromMillis(1_000_000));
        try (var served = new StudioServer(workspace)) {
            JsonNode models = json(served.get("/api/annotations/models")).get("models");
            assertThat(models.get(0).get("run").asString()).isEqualTo("b-new");
            assertThat(models.get(1).get("run").asString()).isEqualTo("a-old");
        }
    }

    private static Map<Path, byte[]> files(Path folder) throws Exception {
        var files = new TreeMap<Path, byte[]>() {
            @Override
            public boolean equals(Object other) {
                return other instanceof Map<?, ?> that
                        && keySet().equals(that.keySet())
                        && keySet().stream().allMatch(key -> java.util.Arrays.equals(get(key), (byte[]) that.get(key)));
            }

            @Override
            public int hashCode() {
                return keySet().hashCode();
            }
        };
        try (var all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file, Files.readAllBytes(file));
            }
        }
        return files;
    }

    @Test
    void keepsHostileNamesOfClassesAsText() throws Exception {
        Scenes.written(workspace, "scenes", "coco", 30, 2);
        try (var served = new StudioServer(workspace)) {
            JsonNode shown = json(served.get("/api/annotations", "path", "scenes"));
            int classes = shown.get("classes").size();
            JsonNode saved = json(served.post(
                    "/api/annotations/save",
                    request("scenes", 0, List.of(box(classes, 1, 2, 30, 40)), List.of(HOSTILE))));
            assertThat(saved.get("classes").get(classes).asString()).isEqualTo(HOSTILE);
            assertThat(json(served.get("/api/annotations", "path", "scenes"))
                            .get("objects")
                            .get(0)
                            .get("label")
                            .asInt())
                    .isEqualTo(classes);
        }
    }

    @Test
    void refusesWhatIsNoObjectNoImageOrNotInTheWorkspace() throws Exception {
        Scenes.written(workspace, "scenes", "voc", 30, 2);
        SampleWorkspace.classFolders(workspace.resolve("plain"), List.of("a", "b"), 3);
        try (var served = new StudioServer(workspace)) {
            assertThat(detail(served.post(
                            "/api/annotations/save",
                            request("scenes", 0, List.of(box(0, 100, 100, 120, 120)), List.of()))))
                    .contains("lies outside the image");
            assertThat(detail(served.post(
                            "/api/annotations/save", request("scenes", 0, List.of(box(77, 1, 1, 9, 9)), List.of()))))
                    .contains("got 77");
            assertThat(detail(served.post("/api/annotations/save", request("scenes", 99, List.of(), List.of()))))
                    .contains("has 30 images, there is no image 99");
            assertThat(detail(served.get("/api/annotations", "path", "plain"))).contains("neither boxes nor masks");
            assertThat(served.get("/api/annotations", "path", "../other").statusCode())
                    .isEqualTo(403);
            assertThat(served.send(served.request("/api/annotations", "path", "scenes"))
                            .statusCode())
                    .as("without the page's cookie")
                    .isIn(401, 403);
            assertThat(workspace.resolve("scenes.corrected.json")).doesNotExist();
        }
    }

    @Test
    void proposesWhatADetectorSees() throws Exception {
        Scenes.written(workspace, "scenes", "voc", 30, 2);
        SampleWorkspace.model(workspace, "detect", "finder");
        SampleWorkspace.model(workspace, "classify/layers", "teller");
        try (var served = new StudioServer(workspace)) {
            JsonNode models = json(served.get("/api/annotations/models")).get("models");
            assertThat(models.size()).isEqualTo(1);
            assertThat(models.get(0).get("run").asString()).isEqualTo("finder");
            assertThat(models.get(0).get("scored").asBoolean()).isTrue();
            JsonNode job = served.job(served.post(
                    "/api/annotations/propose",
                    Map.of("path", "scenes", "part", "train", "index", 0, "run", "finder")));
            assertThat(job.get("state").asString()).isEqualTo("done");
            for (JsonNode one : job.get("result").get("objects")) {
                assertThat(one.get("score").asDouble()).isBetween(0.05, 1.0);
                assertThat(one.get("box").size()).isEqualTo(4);
            }
            assertThat(job.get("result").get("objects").size()).isPositive();
            JsonNode refused = served.job(served.post(
                    "/api/annotations/propose",
                    Map.of("path", "scenes", "part", "train", "index", 0, "run", "teller")));
            assertThat(refused.get("error").asString()).contains("does not tell where something is");
        }
    }

    @Test
    void paintsOverMasks() throws Exception {
        var shapes = Data.open("shapes", Data.Options.of().withTargets(TargetKind.PIXELS))
                .train()
                .subset(0, 1, 2, 3, 4, 5);
        Files.createDirectories(workspace.resolve("regions/images"));
        Files.createDirectories(workspace.resolve("regions/masks"));
        for (int i = 0; i < shapes.size(); i++) {
            Image.write(workspace.resolve("regions/images/" + i + ".png"), shapes.image(i));
            var mask = ((Target.PixelLabels) shapes.target(i)).classes();
            var values = new Image(
                    mask.size().width(), mask.size().height(), 1, mask.values().clone());
            Image.write(workspace.resolve("regions/masks/" + i + ".png"), values);
        }
        try (var served = new StudioServer(workspace)) {
            JsonNode shown = json(served.get("/api/annotations", "path", "regions"));
            assertThat(shown.get("pixels").asBoolean()).isTrue();
            var square = Map.of(
                    "label",
                    1,
                    "box",
                    new double[] {0, 0, 8, 8},
                    "polygons",
                    List.of(new double[] {0, 0, 8, 0, 8, 8, 0, 8}),
                    "ignore",
                    false,
                    "origin",
                    -1);
            json(served.post("/api/annotations/save", request("regions", 0, List.of(square), List.of())));
            var mask =
                    ImageIO.read(new ByteArrayInputStream(served.get("/api/image/mask", "path", "regions", "index", "0")
                            .body()));
            assertThat(mask.getRGB(3, 3)).isEqualTo(mask.getRGB(7, 7)).isNotZero();
            var target = (Target.PixelLabels) Data.open(
                            workspace.resolve("regions.corrected.json").toString(),
                            Data.Options.of().withTargets(TargetKind.PIXELS))
                    .train()
                    .target(0);
            assertThat(target.classes().at(4, 4)).isEqualTo(1);
        }
    }

    @Test
    void aSegmenterProposesWithoutSayingHowSureItIs() throws Exception {
        SampleWorkspace.model(workspace, "segment", "painter");
        try (var served = new StudioServer(workspace)) {
            JsonNode models = json(served.get("/api/annotations/models")).get("models");
            assertThat(models.get(0).get("run").asString()).isEqualTo("painter");
            assertThat(models.get(0).get("scored").asBoolean()).isFalse();
        }
    }
}
