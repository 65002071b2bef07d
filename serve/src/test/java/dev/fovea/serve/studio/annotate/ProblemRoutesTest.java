package dev.fovea.serve.studio.annotate;

import static dev.fovea.serve.studio.StudioServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ProblemRoutesTest {

    @TempDir
    private Path workspace;

    private static JsonNode kind(JsonNode problems, String word) {
        for (JsonNode kind : problems.get("kinds")) {
            if (kind.get("kind").asString().equals(word)) {
                return kind;
            }
        }
        throw new AssertionError("no " + word + " among " + problems);
    }

    @Test
    void findsCopiesAndShowsThemWithWhatTheyAreCopiesOf() throws Exception {
        Path data = SampleWorkspace.classFolders(workspace.resolve("set"), List.of("a", "b"), 8);
        Files.copy(data.resolve("a/image-0-0.png"), data.resolve("b/same.png"));
        Files.writeString(data.resolve("a/broken.png"), "no image");
        try (var served = new StudioServer(workspace)) {
            assertThat(json(served.get("/api/data/problems", "path", "set"))
                            .get("checked")
                            .asBoolean())
                    .isFalse();
            JsonNode job = served.job(served.post("/api/data/problems", Map.of("path", "set", "check", "images")));
            assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("done");
            JsonNode problems = json(served.get("/api/data/problems", "path", "set"));
            JsonNode copies = kind(problems, "contradiction").get("findings");
            assertThat(copies.size()).isEqualTo(2);
            assertThat(copies.get(0).get("other").get("label").asString())
                    .isEqualTo(copies.get(0).get("proposed").asString());
            assertThat(kind(problems, "unreadable")
                            .get("findings")
                            .get(0)
                            .get("text")
                            .asString())
                    .contains("not an image");

            var images = Map.of("train", List.of(copies.get(0).get("index").asInt()));
            String version = problems.get("version").asString();
            json(served.post(
                    "/api/data/correct",
                    Map.of("path", "set", "version", version, "action", "remove", "images", images)));
            JsonNode after = json(served.get("/api/data/problems", "path", "set"));
            assertThat(kind(after, "contradiction")
                            .get("findings")
                            .get(0)
                            .get("mark")
                            .asString())
                    .isEqualTo("remove");
        }
        try (var served = new StudioServer(workspace)) { // what took minutes is there after a restart
            assertThat(json(served.get("/api/data/summary", "path", "set"))
                            .get("problems")
                            .asInt())
                    .isPositive();
            assertThat(kind(json(served.get("/api/data/problems", "path", "set")), "unreadable")
                            .get("count")
                            .asInt())
                    .isEqualTo(1);
            Files.copy(data.resolve("a/image-0-0.png"), data.resolve("b/another.png"));
            served.studio.data().forget("set");
            assertThat(json(served.get("/api/data/problems", "path", "set"))
                            .get("checked")
                            .asBoolean())
                    .as("of images that are others by now nothing is said")
                    .isFalse();
        }
    }

    @Test
    void checksLabelsByTheNeighboursOfARunsFeatures() throws Exception {
        SampleWorkspace.shapes(workspace.resolve("set"), 60);
        SampleWorkspace.run(workspace, "small", "set");
        try (var served = new StudioServer(workspace)) {
            JsonNode job = served.job(
                    served.post("/api/data/problems", Map.of("path", "set", "check", "labels", "run", "runs/small-1")));
            assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("done");
            assertThat(job.get("done").asInt()).isEqualTo(job.get("of").asInt()).isPositive();
            JsonNode problems = json(served.get("/api/data/problems", "path", "set"));
            assertThat(problems.get("by").asString()).isEqualTo("runs/small-1");
            assertThat(problems.get("remarks").toString()).contains("finds most alike");
        }
    }

    @Test
    void comparesBoxesWithWhatADetectorFinds() throws Exception {
        Scenes.written(workspace, "scenes", "voc", 30, 2);
        SampleWorkspace.model(workspace, "detect", "finder");
        try (var served = new StudioServer(workspace)) {
            JsonNode job = served.job(
                    served.post("/api/data/problems", Map.of("path", "scenes", "check", "boxes", "run", "finder")));
            assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("done");
            JsonNode problems = json(served.get("/api/data/problems", "path", "scenes"));
            for (JsonNode kind : problems.get("kinds")) {
                assertThat(kind.get("findings").get(0).get("box").size()).isEqualTo(4);
                assertThat(kind.get("findings").get(0).has("index")).isTrue();
                assertThat(kind.get("findings").get(0).get("width").asInt()).isEqualTo(48);
            }
        }
    }

    @Test
    void mapsImagesByThumbnailsAndByARun() throws Exception {
        SampleWorkspace.shapes(workspace.resolve("set"), 40);
        SampleWorkspace.run(workspace, "small", "set");
        try (var served = new StudioServer(workspace)) {
            assertThat(json(served.get("/api/data/map/models")).get("models").toString())
                    .contains("runs/small-1");
            for (String run : List.of("", "runs/small-1")) {
                var asked = Map.of("path", "set", "run", run, "projection", "pca", "most", 30);
                assertThat(served.job(served.post("/api/data/map", asked))
                                .get("state")
                                .asString())
                        .isEqualTo("done");
                JsonNode map =
                        json(served.get("/api/data/map", "path", "set", "run", run, "projection", "pca", "most", "30"));
                assertThat(map.get("made").asBoolean()).isTrue();
                assertThat(map.get("x").size())
                        .isEqualTo(30)
                        .isEqualTo(map.get("label").size());
                assertThat(map.get("name").get(0).asString()).endsWith(".png");
                Files.writeString(workspace.resolve("runs/small-1/note.txt"), "a note");
                assertThat(json(served.get(
                                        "/api/data/map", "path", "set", "run", run, "projection", "pca", "most", "30"))
                                .get("made")
                                .asBoolean())
                        .as("a map is of the weights, whatever else is written into the run")
                        .isTrue();
            }
        }
    }
}
