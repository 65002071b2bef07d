package dev.fovea.serve.studio.compare;

import static dev.fovea.serve.studio.StudioServer.detail;
import static dev.fovea.serve.studio.StudioServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.run.RunNotes;
import dev.fovea.serve.studio.Hostile;
import dev.fovea.serve.studio.StudioServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CompareApiTest {

    @TempDir
    private Path folder;

    private JsonNode row(StudioServer served, String name) throws IOException, InterruptedException {
        for (JsonNode run : json(served.get("/api/runs")).get("runs")) {
            if (run.get("name").asString().equals(name)) {
                return run;
            }
        }
        throw new AssertionError("there is no run " + name);
    }

    @Test
    void listsRunsOfBothFoldersWithTheirCurvesNotesAndProblems() throws Exception {
        RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        Path b = RunFiles.written(folder, "b-1", 0.6, "0.1");
        Files.writeString(b.resolve("run.json"), "{\"format\": 9}");
        Path c = RunFiles.written(folder.resolve("runs"), "c-1", 0.6, "0.1");
        Files.writeString(c.resolve("recipe.yaml"), "model: [");
        try (var served = new StudioServer(folder)) {
            JsonNode a = row(served, "a-1");
            assertThat(a.get("run").asString()).isEqualTo("runs/a-1");
            assertThat(a.get("best").asDouble()).isEqualTo(0.8);
            assertThat(a.get("curve").toString()).isEqualTo("[0.4,0.8]");
            assertThat(a.get("problem").asString()).isEmpty();
            assertThat(row(served, "b-1").get("problem").asString())
                    .isEqualTo(
                            "b-1/run.json: was written by a newer version (format 9, this one reads 1). Read it with that version");
            assertThat(row(served, "c-1").get("problem").asString()).contains("runs/c-1/recipe.yaml");
        }
    }

    @Test
    void saysWhatAllRunsReachedAndWhatTheyCost() throws Exception {
        RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        Path b = RunFiles.written(folder, "b-1", 0.6, "0.1");
        Files.writeString(b.resolve("run.json"), "{");
        try (var served = new StudioServer(folder)) {
            JsonNode runs = json(served.get("/api/runs/costs")).get("runs");
            assertThat(runs.propertyNames()).containsExactlyInAnyOrder("runs/a-1", "b-1");
            JsonNode a = runs.get("runs/a-1");
            assertThat(a.get("metrics").get("accuracy").asDouble()).isEqualTo(0.8);
            assertThat(a.get("costs").toString()).isEqualTo("{\"seconds\":25.0}");
            assertThat(a.get("unmeasured").asBoolean()).isFalse();
            assertThat(runs.get("b-1").get("metrics").toString()).isEqualTo("{}");
        }
    }

    @Test
    void fiveHundredRunsAreListedAtOnceAndFasterTheSecondTime() throws Exception {
        for (int i = 0; i < 500; i++) {
            RunFiles.written(folder.resolve("runs"), "a-" + i, i / 500.0, "0.1");
        }
        try (var served = new StudioServer(folder)) {
            assertThat(json(served.get("/api/runs")).get("runs")).hasSize(500);
            long begin = System.nanoTime();
            json(served.get("/api/runs"));
            assertThat((System.nanoTime() - begin) / 1e9).isLessThan(2);
        }
    }

    @Test
    void writesNotesAndTagsAndLeavesWhatIsNotNamed() throws Exception {
        Path run = RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        try (var served = new StudioServer(folder)) {
            String note = String.join("\n", Hostile.NAMES);
            json(served.post("/api/run/notes", Map.of("run", "runs/a-1", "note", note)));
            JsonNode after = json(
                    served.post("/api/run/notes", Map.of("run", "runs/a-1", "tags", List.of("base", Hostile.SCRIPT))));
            assertThat(after.get("note").asString()).isEqualTo(note);
            assertThat(RunNotes.read(run).tags()).containsExactly("base", Hostile.SCRIPT);
            assertThat(detail(served.post("/api/run/notes", Map.of("run", "runs/a-1", "tags", List.of("a,b")))))
                    .isEqualTo("tag: expected 1 to 60 characters without comma or line break, got 'a,b'");
            assertThat(detail(served.post("/api/run/notes", Map.of("run", "runs/a-1", "tags", "x"))))
                    .isEqualTo("tags: expected a list of texts");
            assertThat(served.post("/api/run/notes", Map.of("run", "../a-1", "note", "x"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(served.post("/api/run/notes", Map.of("run", "runs", "note", "x"))
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aRemovedRunComesBackByUndo() throws Exception {
        Path run = RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        try (var served = new StudioServer(folder)) {
            JsonNode removed = json(served.delete("/api/run", "run", "runs/a-1"));
            assertThat(run).doesNotExist();
            assertThat(json(served.get("/api/runs")).get("runs")).isEmpty();
            assertThat(json(served.get("/api/trash")).get("runs")).hasSize(1);
            assertThat(served.post("/api/trash/restore", Map.of("folder", "runs", "id", "../.."))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(served.post("/api/trash/restore", Map.of("folder", "/etc", "id", "1-1"))
                            .statusCode())
                    .isEqualTo(400);
            json(served.post("/api/trash/restore", removed));
            assertThat(run.resolve("metrics.csv")).exists();
            json(served.delete("/api/run", "run", "runs/a-1"));
            json(served.delete("/api/trash"));
            assertThat(folder.resolve("runs/.trash")).doesNotExist();
        }
    }

    @Test
    void removesNoRunThatItCouldNotBringBack() throws Exception {
        Path deep = RunFiles.written(folder.resolve("projects/runs"), "a-1", 0.8, "0.1");
        try (var served = new StudioServer(folder)) {
            assertThat(detail(served.delete("/api/run", "run", "projects/runs/a-1")))
                    .isEqualTo(
                            "projects/runs/a-1: lies deeper than the runs that can be brought back. Remove its folder by hand");
            assertThat(deep).exists();
        }
    }

    @Test
    void comparesSettingsCurvesAndResults() throws Exception {
        RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        RunFiles.written(folder.resolve("runs"), "b-1", 0.6, "0.2");
        try (var served = new StudioServer(folder)) {
            JsonNode compared = json(served.get("/api/compare", "run", "runs/a-1", "run", "runs/b-1"));
            assertThat(compared.get("differences").toString())
                    .isEqualTo("[{\"key\":\"optimizer.lr\",\"values\":[\"0.1\",\"0.2\"]}]");
            JsonNode accuracy = null;
            for (JsonNode curve : compared.get("curves")) {
                accuracy = curve.get("name").asString().equals("validation_accuracy") ? curve : accuracy;
            }
            assertThat(accuracy.get("points").toString())
                    .isEqualTo("[[[1.0,10.0,0.4],[2.0,22.0,0.8]],[[1.0,10.0,0.3],[2.0,22.0,0.6]]]");
            assertThat(compared.get("metrics").get(1).get("accuracy").asDouble())
                    .isEqualTo(0.6);
            assertThat(compared.get("less").toString()).isEqualTo("[\"loss\"]");
            assertThat(compared.get("costs").get(0).get("seconds").asDouble()).isEqualTo(25);
            assertThat(detail(served.get("/api/compare", "run", "runs/a-1")))
                    .isEqualTo("run: expected two to 20 different runs, got 1");
        }
    }

    @Test
    void aComparisonIsSavedAsOneFileThatAsksForNothing() throws Exception {
        Path a = RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        Files.writeString(
                a.resolve("report.html"),
                "<!DOCTYPE html><p>a report</p><meta http-equiv=refresh content='0;url=https://elsewhere'>");
        RunFiles.written(folder.resolve("runs"), "b-1", 0.6, "0.2");
        new RunNotes(Hostile.IMAGE, List.of(Hostile.SCRIPT)).write(a);
        try (var served = new StudioServer(folder)) {
            HttpResponse<byte[]> both = served.get("/api/download/report", "run", "runs/a-1", "run", "runs/b-1");
            String page = new String(both.body(), StandardCharsets.UTF_8);
            assertThat(both.headers().firstValue("Content-Disposition").orElse(""))
                    .startsWith("attachment; filename=\"a-1-b-1.html\"");
            assertThat(page)
                    .contains("default-src 'none'", "data:image/png;base64,", "&lt;img src=x")
                    .doesNotContain("<script", "<img src=x", "http://", "https://");
            String alone = new String(
                    served.get("/api/download/report", "run", "runs/a-1").body(), StandardCharsets.UTF_8);
            assertThat(alone)
                    .as("a report that no training wrote is not handed on")
                    .contains("Content-Security-Policy", "a-1", "accuracy")
                    .doesNotContain("<script", "https://");
        }
    }

    @Test
    void asksTwoModelsAboutTheSameImages() throws Exception {
        RunFiles.shapes(folder);
        RunFiles.trained(folder, "a");
        RunFiles.trained(folder, "b", "optimizer.lr=0.03");
        try (var served = new StudioServer(folder)) {
            JsonNode job =
                    served.job(served.post("/api/compare/items", Map.of("runs", List.of("runs/a-1", "runs/b-1"))));
            assertThat(job.path("error").asString("")).isEmpty();
            JsonNode result = job.get("result");
            assertThat(result.get("items")).hasSize(20);
            assertThat(result.get("metric").asString()).isEqualTo("accuracy");
            assertThat(result.get("items").get(0).get("name").asString()).startsWith("shapes16/");
            String number = result.get("comparison").asString();
            HttpResponse<byte[]> image =
                    served.get("/api/image/compared", "comparison", number, "item", "0", "model", "1", "size", "64");
            assertThat(image.headers().firstValue("Content-Type").orElse("")).isEqualTo("image/png");
            assertThat(served.get("/api/image/compared", "comparison", number, "item", "99")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(served.get("/api/image/compared", "comparison", "77", "item", "0")
                            .statusCode())
                    .isEqualTo(404);
            JsonNode costs =
                    served.job(served.post("/api/compare/costs", Map.of("runs", List.of("runs/a-1", "runs/b-1"))));
            assertThat(costs.get("result").get(0).get("multiplyAdds").asDouble())
                    .isEqualTo(3 * 9 * 4 * 14 * 14 + 360);
        }
    }

    /** A clock that was wrong, or a long absence, is no wish to lose a run. */
    @Test
    void whatWasRemovedLongAgoStaysUntilSomebodyEmptiesIt() throws Exception {
        RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        Path old = Files.createDirectories(folder.resolve("runs/.trash/1000-1/old-1"));
        try (var served = new StudioServer(folder)) {
            served.delete("/api/run", "run", "runs/a-1");
            assertThat(json(served.get("/api/trash")).get("runs")).hasSize(2);
            assertThat(old).exists();
        }
    }

    @Test
    void noMoreRunsAreReportedOrMeasuredAtOnceThanAreCompared() throws Exception {
        RunFiles.written(folder.resolve("runs"), "a-1", 0.8, "0.1");
        var many = new java.util.ArrayList<String>();
        var params = new java.util.ArrayList<String>();
        for (int i = 0; i < 21; i++) {
            many.add("runs/a-1");
            params.addAll(List.of("run", "runs/a-1"));
        }
        try (var served = new StudioServer(folder)) {
            String expected = "runs: expected at most 20 at once, got 21";
            assertThat(StudioServer.detail(served.post("/api/compare/costs", Map.of("runs", many))))
                    .isEqualTo(expected);
            assertThat(StudioServer.detail(served.get("/api/download/report", params.toArray(String[]::new))))
                    .isEqualTo(expected);
        }
    }
}
