package dev.fovea.serve.studio.train;

import static dev.fovea.serve.studio.StudioServer.detail;
import static dev.fovea.serve.studio.StudioServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import dev.fovea.run.queue.Milestones;
import dev.fovea.run.queue.QueuedRun;
import dev.fovea.run.queue.QueuedRun.State;
import dev.fovea.serve.studio.StudioServer;
import dev.fovea.train.Listener;
import dev.fovea.train.RunFolder;
import dev.fovea.train.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TrainingApiTest {

    private static final String NET = "conv 4 3, relu, maxpool 4, flatten, dense classes";

    @TempDir
    private Path folder;

    @BeforeEach
    void images() throws IOException {
        for (String name : List.of("dark", "light")) {
            Path of = Files.createDirectories(folder.resolve("tones").resolve(name));
            for (int i = 0; i < 12; i++) {
                byte[] pixels = new byte[16 * 16 * 3];
                Arrays.fill(pixels, (byte) (name.equals("dark") ? 3 * i : 250 - 3 * i));
                Image.write(of.resolve(i + ".png"), new Image(16, 16, 3, pixels));
            }
        }
    }

    private static Map<String, Object> plan(String... settings) {
        return Map.of("path", "tones", "model", NET, "settings", List.of(settings));
    }

    private static JsonNode until(StudioServer served, String run, String state)
            throws IOException, InterruptedException {
        for (int i = 0; i < 600; i++) {
            JsonNode queue = json(served.get("/api/queue"));
            for (JsonNode entry : queue.get("entries")) {
                boolean is = run.isEmpty() || entry.get("run").asString().equals(run);
                if (is && entry.get("state").asString().equals(state)) {
                    return entry;
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("no training came to be " + state);
    }

    @Test
    void trainsWhatTheFormSays() throws Exception {
        try (var served = new StudioServer(folder)) {
            JsonNode begun = json(
                    served.post("/api/train/start", plan("epochs=2", "batch=8", "input.size=16", "precision=fp32")));
            assertThat(begun.get("name").asString()).isEqualTo("tones");
            JsonNode entry = until(served, "", "done");
            String run = entry.get("run").asString();
            assertThat(run).isEqualTo("runs/tones-1");
            JsonNode live = json(served.get("/api/run/live", "run", run));
            assertThat(live.get("state").asString()).isEqualTo("finished");
            assertThat(live.get("progress").get("state").asString()).isEqualTo("FINISHED");
            assertThat(live.get("history").size()).isEqualTo(2);
            assertThat(live.get("curve").get("points").get(0).get("step").asInt())
                    .isEqualTo(1);
            assertThat(live.get("held").asBoolean()).isFalse();
            assertThat(live.get("starts").asBoolean()).isFalse();
            assertThat(entry.get("starts").asBoolean()).isFalse();
            assertThat(live.get("data").asString()).isEqualTo("tones");
            JsonNode rows = json(served.get("/api/runs")).get("runs");
            assertThat(rows.get(0).get("run").asString()).isEqualTo(run);
            assertThat(served.get("/api/image/mistake", "run", run, "index", "0")
                            .statusCode())
                    .isEqualTo(200);
            JsonNode taught = json(served.post("/api/train/recipe", plan("task.distill.teacher=" + run)));
            assertThat(taught.get("settings").toString())
                    .contains("task.distill.teacher=" + folder.toRealPath().resolve(run));
        }
    }

    @Test
    void goesOnWithARunThatHasDoneItsEpochs() throws Exception {
        try (var served = new StudioServer(folder)) {
            served.post("/api/train/start", plan("epochs=1", "batch=8", "input.size=16", "precision=fp32"));
            until(served, "", "done");
            String run = "runs/tones-1";
            assertThat(detail(served.post("/api/run/resume", Map.of("run", run))))
                    .contains("has done all its 1 epochs");
            json(served.post("/api/run/resume", Map.of("run", run, "epochs", 3)));
            for (int i = 0;
                    i < 300
                            && json(served.get("/api/run/live", "run", run))
                                            .get("history")
                                            .size()
                                    < 3;
                    i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(json(served.get("/api/run/live", "run", run))
                            .get("history")
                            .size())
                    .isEqualTo(3);
        }
    }

    @Test
    void aRunThatFailedBeforeItsFirstCheckpointBeginsAnew() throws Exception {
        Path image = folder.resolve("tones/dark/5.png");
        byte[] whole = Files.readAllBytes(image);
        try (var served = new StudioServer(folder)) {
            Map<String, Object> plan = plan("epochs=1", "batch=8", "input.size=16", "precision=fp32");
            Files.writeString(image, "no image");
            json(served.post("/api/train/start", plan));
            JsonNode failed = until(served, "", "failed");
            assertThat(failed.get("error").asString()).contains("5.png");
            assertThat(folder.resolve("runs/tones-1")).doesNotExist();
            assertThat(failed.get("run").asString())
                    .as("nothing is left to go on with")
                    .isEmpty();
            Files.write(image, whole);
            json(served.post("/api/train/start", plan));
            until(served, "runs/tones-1", "done");
            json(served.post("/api/queue/again", Map.of("id", failed.get("id").asInt())));
            until(served, "runs/tones-2", "done");
        }
    }

    @Test
    void pausesAndStopsARunUnderWay() throws Exception {
        try (var served = new StudioServer(folder)) {
            served.post("/api/train/start", plan("epochs=50000", "batch=2", "input.size=16", "precision=fp32"));
            String run = "runs/tones-1";
            stands(served, run, "TRAINING");
            served.post("/api/run/pause", Map.of("run", run));
            assertThat(json(served.get("/api/run/live", "run", run))
                            .path("asked")
                            .asString(""))
                    .as("said before the step has ended")
                    .isEqualTo("pause");
            stands(served, run, "PAUSED");
            served.post("/api/run/continue", Map.of("run", run));
            stands(served, run, "TRAINING");
            served.post("/api/run/stop", Map.of("run", run));
            until(served, run, "stopped");
            assertThat(detail(served.post("/api/run/pause", Map.of("run", run))))
                    .contains("is not being trained now");
        }
    }

    @Test
    void aReportIsNotInterruptedAndSaysSo() throws Exception {
        try (var served = new StudioServer(folder)) {
            json(served.post("/api/train/start", plan("epochs=1", "batch=8", "input.size=16", "precision=fp32")));
            until(served, "runs/tones-1", "done");
            var run = new RunFolder(folder.toRealPath().resolve("runs/tones-1"));
            Path progress = run.path().resolve("progress.json");
            Files.writeString(progress, Files.readString(progress).replace("FINISHED", "REPORTING"));
            try (var lock = RunLock.of(run)) {
                assertThat(detail(served.post("/api/run/stop", Map.of("run", "runs/tones-1"))))
                        .isEqualTo("runs/tones-1: writes its report, which is not interrupted. It ends by itself");
            }
        }
    }

    @Test
    void aTrainingIsStoppedBeforeItHasARun() throws Exception {
        try (var served = new StudioServer(folder)) {
            String recipe = json(served.post("/api/train/recipe", plan("epochs=2", "input.size=16")))
                    .get("text")
                    .asString();
            var entry = new QueuedRun(
                    1, "tones", "tones", NET, "classification", "", recipe, "", 2, 0, State.RUNNING, "", "", "");
            var began = new ArrayList<String>();
            var told = new Milestones() {
                @Override
                public void begins(String run) {
                    began.add(run);
                }

                @Override
                public void reports() {
                    began.add("report");
                }
            };
            assertThat(new StudioTraining(served.studio.workspace()).train(entry, () -> true, told))
                    .isEqualTo(Listener.End.STOPPED);
            assertThat(began).isEmpty();
            assertThat(folder.resolve("runs")).doesNotExist();
            assertThat(detail(served.post("/api/queue/stop", Map.of("id", 7))))
                    .isEqualTo("there is no training 7 in the queue");
        }
    }

    private static void stands(StudioServer served, String run, String state) throws IOException, InterruptedException {
        for (int i = 0; i < 300; i++) {
            var answer = served.get("/api/run/live", "run", run);
            if (answer.statusCode() == 200
                    && json(answer).path("progress").path("state").asString("").equals(state)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("the run is not " + state);
    }

    @Test
    void findsWhatCanBeLearned() throws Exception {
        try (var served = new StudioServer(folder)) {
            JsonNode found = served.job(served.post("/api/train/choices", Map.of("path", "tones")))
                    .get("result");
            assertThat(found.get("classes").toString()).isEqualTo("[\"dark\",\"light\"]");
            assertThat(found.get("tasks").get(0).get("task").asString()).isEqualTo("classification");
        }
    }

    @Test
    void printsTheRecipeOfAPlanAndTakesItsText() throws Exception {
        try (var served = new StudioServer(folder)) {
            JsonNode view = json(served.post("/api/train/recipe", plan("epochs=2")));
            assertThat(view.get("command").asString()).contains("--epochs 2");
            String text = view.get("text").asString().replace("batch: 64", "batch: 8");
            JsonNode taken = json(served.post(
                    "/api/train/recipe", Map.of("path", "tones", "model", NET, "settings", List.of(), "text", text)));
            assertThat(taken.get("settings").toString()).isEqualTo("[\"epochs=2\",\"batch=8\"]");
        }
    }

    @Test
    void saysWhatIsWrongWithAPlan() throws Exception {
        try (var served = new StudioServer(folder)) {
            assertThat(detail(served.post("/api/train/recipe", plan("epochs=0"))))
                    .contains("got epochs=0");
            assertThat(detail(served.post("/api/train/start", plan("optimizer.lrr=1"))))
                    .contains("unknown key 'optimizer.lrr'");
            assertThat(detail(served.post(
                            "/api/train/start", Map.of("path", "../etc", "model", NET, "settings", List.of()))))
                    .contains("not a path inside the workspace");
        }
    }

    /** The tests' own folder holds {@code src} and {@code pom.xml}: what lies where the studio was started is none of its. */
    @Test
    void opensNothingOutsideTheWorkspace() throws Exception {
        assertThat(Path.of("src")).exists();
        assertThat(Path.of("pom.xml")).exists();
        Path outside = Path.of("src").toAbsolutePath();
        try (var served = new StudioServer(folder)) {
            for (String data : List.of("src", "src:main", outside.toString(), "../src", "nothing")) {
                var body = Map.of("path", data, "model", NET, "settings", List.of());
                for (String route : List.of("choices", "recipe", "estimate", "start")) {
                    assertThat(served.post("/api/train/" + route, body).statusCode())
                            .as(route + " " + data)
                            .isIn(403, 404);
                }
            }
            for (String weights : List.of("pom.xml", "src", outside.toString())) {
                var body = Map.of("path", "tones", "model", NET, "weights", weights, "settings", List.of());
                assertThat(served.post("/api/train/estimate", body).statusCode())
                        .isIn(403, 404);
            }
            for (String teacher : List.of("src", "../x", outside.toString())) {
                assertThat(served.post("/api/train/estimate", plan("task.distill.teacher=" + teacher))
                                .statusCode())
                        .isIn(403, 404);
            }
            assertThat(detail(served.post(
                            "/api/train/recipe",
                            Map.of("path", "tones", "model", "recipe.yaml", "settings", List.of()))))
                    .contains("got the recipe file");
            assertThat(json(served.get("/api/queue")).get("entries").size()).isZero();
        }
    }

    @Test
    void theCommandSaysTheCorrectionsAndTheFormCountsThem() throws Exception {
        try (var served = new StudioServer(folder)) {
            int before = images(served);
            Files.writeString(
                    folder.resolve("tones.corrections.csv"),
                    "path,part,finding,score,given,proposed,action,other\ntones/dark/0.png,train,by-hand,1.0000,dark,,remove,\n");
            assertThat(json(served.post("/api/train/recipe", plan("epochs=2")))
                            .get("command")
                            .asString())
                    .contains("--data tones --corrections tones.corrections.csv");
            assertThat(images(served)).isEqualTo(before - 1);
        }
    }

    private static int images(StudioServer served) throws IOException, InterruptedException {
        return served.job(served.post("/api/train/choices", Map.of("path", "tones")))
                .get("result")
                .get("images")
                .asInt();
    }

    @Test
    void trainsOnTheWorkspaceItself() throws Exception {
        try (var served = new StudioServer(folder.resolve("tones"))) {
            json(served.post(
                    "/api/train/start",
                    Map.of(
                            "path",
                            ".",
                            "model",
                            NET,
                            "settings",
                            List.of("epochs=1", "batch=8", "input.size=16", "precision=fp32"))));
            assertThat(until(served, "", "done").get("run").asString()).isEqualTo("runs/tones-1");
        }
    }

    @Test
    void aRunWhoseDataLiesOutsideTheWorkspaceShowsNoneOfIt(@TempDir Path outside) throws Exception {
        try (var served = new StudioServer(folder)) {
            json(served.post("/api/train/start", plan("epochs=1", "batch=8", "input.size=16", "precision=fp32")));
            until(served, "", "done");
            Path facts = folder.resolve("runs/tones-1/run.json");
            String text = Files.readString(facts);
            for (String data : List.of(outside.toString(), "src", "../x")) {
                String changed = text.replaceFirst("(\"data\"\\s*:\\s*)\"[^\"]+\"", "$1\"" + data + "\"");
                assertThat(changed).isNotEqualTo(text);
                Files.writeString(facts, changed);
                var image = served.get("/api/image/mistake", "run", "runs/tones-1", "index", "0");
                assertThat(detail(image)).as(data).contains("outside");
                var evaluated =
                        served.post("/api/evaluate", Map.of("run", "runs/tones-1", "data", "", "part", "validation"));
                assertThat(served.job(evaluated).get("error").asString()).contains("outside");
            }
        }
    }

    @Test
    void measuresTheTimeOfAPlan() throws Exception {
        try (var served = new StudioServer(folder)) {
            JsonNode time = served.job(served.post(
                            "/api/train/estimate", plan("epochs=7", "batch=2", "input.size=16", "precision=fp32")))
                    .get("result");
            assertThat(time.get("epochs").asInt()).isEqualTo(7);
            assertThat(time.get("epochSeconds").asDouble()).isPositive();
            assertThat(folder.resolve("runs")).doesNotExist();
        }
    }

    @Test
    void refusesFilesThatAreNoSamples() throws Exception {
        try (var served = new StudioServer(folder)) {
            served.post("/api/train/start", plan("epochs=1", "batch=8", "input.size=16", "precision=fp32"));
            until(served, "", "done");
            for (String name : List.of("../recipe.yaml", "epoch-001.png/../../recipe.yaml", "x")) {
                assertThat(served.get("/api/image/samples", "run", "runs/tones-1", "file", name)
                                .statusCode())
                        .isEqualTo(404);
            }
        }
    }
}
