package dev.fovea.serve.studio.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.run.ProgressWatch;
import dev.fovea.serve.studio.StudioServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelRoutesTest {

    @TempDir
    private Path folder;

    /** An event of a stream. */
    private record Event(String name, JsonNode value) {}

    private static List<Event> events(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        var events = new ArrayList<Event>();
        for (String one : new String(response.body(), StandardCharsets.UTF_8).split("\n\n")) {
            String[] lines = one.split("\n");
            events.add(new Event(
                    lines[0].replaceFirst("event: ", ""),
                    new JsonMapper().readTree(lines[1].replaceFirst("data: ", ""))));
        }
        return events;
    }

    @Test
    void allModelsOfTheWorkspaceAreListedWithWhatTheyDo() throws Exception {
        Packages.copy("classify/registry", folder, "flowers");
        Packages.copy("generate/gan", folder.resolve("made"), "digits");
        Packages.copy("restore", folder, "broken");
        Files.writeString(folder.resolve("broken/config.json"), "{");
        try (var served = new StudioServer(folder)) {
            var found = new HashMap<String, JsonNode>();
            StudioServer.json(served.get("/api/models"))
                    .get("models")
                    .forEach(one -> found.put(one.get("path").asString(), one));
            assertThat(found).containsOnlyKeys("flowers", "made/digits", "broken");
            assertThat(found.get("flowers").get("images").asBoolean()).isTrue();
            assertThat(found.get("flowers").get("generates").asBoolean()).isFalse();
            assertThat(found.get("made/digits").get("generates").asBoolean()).isTrue();
            assertThat(found.get("broken").get("problem").asString()).contains("config.json");
        }
    }

    @ParameterizedTest
    @CsvSource({ // package, what its outcome says
        "classify/registry, top",
        "detect, objects",
        "segment, regions",
        "restore, degradation",
        "compress, bytes",
        "anomaly, score"
    })
    void anImageIsTriedWithModelsOfEveryKind(String task, String said) throws Exception {
        Packages.copy(task, folder, "model");
        try (var served = new StudioServer(folder)) {
            List<Event> events =
                    events(served.post("/api/try", Map.of("model", "model", "image", Packages.encoded(task))));
            assertThat(events).singleElement().satisfies(event -> {
                assertThat(event.name()).isEqualTo("outcome");
                assertThat(event.value().get("values").has(said)).isTrue();
            });
        }
    }

    @Test
    void whatCannotBeTriedIsSaidInASentence() throws Exception {
        Packages.copy("classify/registry", folder, "model");
        Packages.copy("generate/gan", folder, "digits");
        try (var served = new StudioServer(folder)) {
            String image = Packages.encoded("classify/registry");
            assertThat(failure(served, "/api/try", Map.of("model", "../model", "image", image)))
                    .contains("not a path inside the workspace");
            assertThat(failure(served, "/api/try", Map.of("model", "models", "image", image)))
                    .contains("did you mean 'model'");
            assertThat(failure(served, "/api/try", Map.of("model", "model", "image", "aGVsbG8=")))
                    .contains("image");
            assertThat(failure(served, "/api/try", Map.of("model", "model"))).contains("expected an image file");
            assertThat(failure(served, "/api/try", Map.of("model", "digits", "image", image)))
                    .contains("predicts nothing about an image");
            assertThat(failure(served, "/api/generate", Map.of("model", "model", "seed", 1)))
                    .contains("generates no images");
            assertThat(failure(served, "/api/generate", Map.of("model", "digits", "count", 1000)))
                    .contains("count: expected a whole number from 1 to 64");
        }
    }

    private static String failure(StudioServer served, String path, Map<String, Object> body) throws Exception {
        List<Event> events = events(served.post(path, body));
        Event last = events.get(events.size() - 1);
        assertThat(last.name()).isEqualTo("error");
        return last.value().get("detail").asString();
    }

    @ParameterizedTest
    @CsvSource({
        "classify/layers, grad-cam, circle",
        "classify/registry, '', ''",
        "multilabel, occlusion, ''",
        "regress, '', ''"
    })
    void anImageThatIsTriedIsExplained(String task, String method, String label) throws Exception {
        Packages.copy(task, folder, "model");
        try (var served = new StudioServer(folder)) {
            JsonNode about = StudioServer.json(served.get("/api/model", "model", "model"));
            assertThat(about.get("methods")).isNotEmpty();
            List<Event> events = events(served.post(
                    "/api/try/explain",
                    Map.of("model", "model", "image", Packages.encoded(task), "method", method, "class", label)));
            JsonNode said = events.get(events.size() - 1).value();
            assertThat(events.get(events.size() - 1).name()).isEqualTo("explanation");
            assertThat(said.get("method").asString())
                    .isEqualTo(method.isEmpty() ? about.get("methods").get(0).asString() : method);
            assertThat(label).isIn("", said.get("class").asString());
            assertThat(said.get("image").asString()).startsWith("data:image/png;base64,");
            assertThat(events.stream().filter(event -> event.name().equals("progress")))
                    .as("a method of one pass says nothing of how far it is")
                    .hasSize(
                            method.equals("grad-cam")
                                    ? 0
                                    : (int) events.stream().count() - 1)
                    .doesNotContainNull();
        }
    }

    @Test
    void whatCannotBeExplainedIsSaidInASentence() throws Exception {
        Packages.copy("classify/registry", folder, "model");
        Packages.copy("restore", folder, "denoise");
        try (var served = new StudioServer(folder)) {
            String image = Packages.encoded("classify/registry");
            assertThat(StudioServer.json(served.get("/api/model", "model", "denoise"))
                            .get("methods"))
                    .isEmpty();
            assertThat(failure(served, "/api/try/explain", Map.of("model", "denoise", "image", image)))
                    .contains("predicts nothing about an image");
            assertThat(failure(
                            served, "/api/try/explain", Map.of("model", "model", "image", image, "method", "gradcam")))
                    .contains("did you mean 'grad-cam'");
            assertThat(failure(served, "/api/try/explain", Map.of("model", "model", "image", image, "class", "cirle")))
                    .contains("did you mean 'circle'");
        }
    }

    /** Writes slowly, and hears whether it is to stop. */
    private static final class SlowExporter implements Exporter {

        private final CountDownLatch begun = new CountDownLatch(1);

        @Override
        public List<String> formats() {
            return List.of("onnx");
        }

        @Override
        public Map<String, Object> write(Wish wish, Path file, ProgressWatch watch) {
            try {
                Files.writeString(file, "half");
                begun.countDown();
                for (int i = 0; i < 1000; i++) {
                    watch.at(i, 1000);
                    Thread.sleep(20);
                }
                return Map.of();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void anExportThatIsStoppedLeavesNothing() throws Exception {
        Packages.copy("classify/registry", folder, "flowers");
        var exporter = new SlowExporter();
        try (var served = new StudioServer(folder, exporter)) {
            var begun = served.post("/api/export", Map.of("run", "flowers", "format", "onnx"));
            assertThat(exporter.begun.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("exports/flowers.onnx")).doesNotExist();
            int id = StudioServer.json(begun).get("job").asInt();
            served.post("/api/jobs/" + id + "/stop", Map.of());
            assertThat(served.job(begun).get("state").asString()).isEqualTo("stopped");
            assertThat(folder.resolve("exports")).isEmptyDirectory();
            assertThat(exported(served, "flowers")).isEqualTo("exports/flowers.zip");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate/gan", "generate/diffusion"})
    void theSameSeedGeneratesTheSameImagesAndAnotherOthers(String task) throws Exception {
        Packages.copy(task, folder, "model");
        try (var served = new StudioServer(folder)) {
            List<String> first = generated(served, 7);
            assertThat(first).hasSize(3);
            assertThat(generated(served, 7)).isEqualTo(first);
            assertThat(generated(served, 8)).isNotEqualTo(first);
        }
    }

    private static List<String> generated(StudioServer served, int seed) throws Exception {
        Map<String, Object> body = Map.of("model", "model", "count", 3, "seed", seed, "steps", 2);
        return events(served.post("/api/generate", body)).stream()
                .filter(event -> event.name().equals("image"))
                .map(event -> event.value().get("image").asString())
                .toList();
    }

    @Test
    void aDiffusionNetworkShowsItsStepsAndVariesAnImage() throws Exception {
        Packages.copy("generate/diffusion", folder, "model");
        try (var served = new StudioServer(folder)) {
            Map<String, Object> body = Map.of("model", "model", "seed", 1, "steps", 3, "sampler", "ddim");
            assertThat(events(served.post("/api/generate", body)).stream().map(Event::name))
                    .containsExactly("begin", "step", "step", "step", "image", "end");
            var edit = new HashMap<>(body);
            edit.put("way", "vary");
            edit.put("image", Packages.encoded("classify/registry"));
            edit.put("count", 2);
            assertThat(events(served.post("/api/generate/edit", edit)).stream().map(Event::name))
                    .containsExactly("begin", "step", "step", "step", "image", "image", "end");
        }
    }

    @Test
    void aPackageIsCarriedOffAsAnArchive() throws Exception {
        Packages.copy("classify/registry", folder, "it's a model");
        try (var served = new StudioServer(folder)) {
            JsonNode ways = StudioServer.json(served.get("/api/export", "run", "it's a model"));
            assertThat(ways.get("formats").get(0).asString()).isEqualTo("package");
            assertThat(ways.get("command").asString()).endsWith("it'\\''s a model'");
            JsonNode job = served.job(served.post("/api/export", Map.of("run", "it's a model", "format", "package")));
            String path = job.get("result").get("path").asString();
            assertThat(path).isEqualTo("exports/it's a model.zip");
            HttpResponse<byte[]> file = served.get("/api/download/export", "path", path);
            assertThat(entries(file.body()))
                    .containsExactly("it's a model/config.json", "it's a model/model.safetensors");
            assertThat(StudioServer.detail(served.get("/api/download/export", "path", "it's a model/config.json")))
                    .contains("lies in the folder exports");
        }
    }

    private static List<String> entries(byte[] zip) throws IOException {
        var names = new ArrayList<String>();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    @Test
    void modelsOfOneNameAndFilesOfTheUserAreNotOverwritten() throws Exception {
        Packages.copy("classify/registry", folder, "old/flowers");
        Packages.copy("classify/registry", folder, "new/flowers");
        Files.createDirectories(folder.resolve("exports"));
        Files.writeString(folder.resolve("exports/flowers.zip"), "mine");
        try (var served = new StudioServer(folder)) {
            assertThat(exported(served, "old/flowers")).isEqualTo("exports/flowers-2.zip");
            assertThat(exported(served, "new/flowers")).isEqualTo("exports/flowers-3.zip");
            assertThat(exported(served, "old/flowers")).isEqualTo("exports/flowers-2.zip");
            assertThat(folder.resolve("exports/flowers.zip")).hasContent("mine");
        }
    }

    private static String exported(StudioServer served, String run) throws Exception {
        return served.job(served.post("/api/export", Map.of("run", run, "format", "package")))
                .get("result")
                .get("path")
                .asString();
    }

    @Test
    void aModelIsServedUntilItIsStopped() throws Exception {
        Packages.copy("classify/registry", folder, "flowers");
        HttpClient client = HttpClient.newHttpClient();
        try (var served = new StudioServer(folder)) {
            JsonNode one = served.job(served.post("/api/served", Map.of("run", "flowers")))
                    .get("result");
            URI address = URI.create(one.get("address").asString());
            assertThat(address.getHost()).isEqualTo("127.0.0.1");
            assertThat(one.get("curl").asString()).contains(address.toString());
            HttpRequest request = HttpRequest.newBuilder(address)
                    .POST(HttpRequest.BodyPublishers.ofFile(Packages.image("classify/registry")))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).contains("\"top\"");
            assertThat(served.job(served.post("/api/served", Map.of("run", "flowers")))
                            .get("result")
                            .get("id"))
                    .as("served already")
                    .isEqualTo(one.get("id"));
            served.post("/api/served/stop", Map.of("id", one.get("id").asInt()));
            assertThat(StudioServer.json(served.get("/api/served")).get("served"))
                    .isEmpty();
            org.assertj.core.api.Assertions.assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.send(request, BodyHandlers.ofString()));
        }
    }

    @Test
    void aModelThatCannotBeServedSaysWhy() throws Exception {
        Packages.copy("compress", folder, "codec");
        try (var served = new StudioServer(folder)) {
            JsonNode job = served.job(served.post("/api/served", Map.of("run", "codec")));
            assertThat(job.get("state").asString()).isEqualTo("failed");
            assertThat(job.get("error").asString()).contains("answers nothing about an image");
        }
    }

    @Test
    void theCodesOfARunAreMappedAndWalkedIn() throws Exception {
        Path run = Packages.run(folder, "dense-autoencoder bottleneck=6");
        try (var served = new StudioServer(folder)) {
            String path = served.studio.workspace().relative(run.toRealPath());
            assertThat(StudioServer.detail(
                            served.post("/api/latent/decode", Map.of("run", path, "places", List.of(List.of(0))))))
                    .contains("Draw the map again");
            JsonNode map =
                    served.job(served.post("/api/latent", Map.of("run", path))).get("result");
            assertThat(map.get("directions").asInt()).isEqualTo(6);
            assertThat(map.get("items")).hasSize(1000);
            var places = List.of(
                    map.get("items").get(0).get("place"),
                    map.get("items").get(1).get("place"));
            JsonNode walk = StudioServer.json(
                    served.post("/api/latent/walk", Map.of("run", path, "places", places, "count", 5)));
            assertThat(walk.get("images")).hasSize(5);
            JsonNode ends = StudioServer.json(served.post("/api/latent/decode", Map.of("run", path, "places", places)));
            assertThat(ends.get("images").get(0)).isEqualTo(walk.get("images").get(0));
        }
    }

    @Test
    void generatedImagesStandBesideTheNearestOfTheTraining() throws Exception {
        Path run = Packages.run(folder, "vae code=4 width=8");
        try (var served = new StudioServer(folder)) {
            String path = served.studio.workspace().relative(run.toRealPath());
            JsonNode result = served.job(served.post("/api/nearest", Map.of("run", path, "count", 2, "seed", 1)))
                    .get("result");
            assertThat(result.get("items")).hasSize(2);
            assertThat(result.get("items").get(0).get("difference").asDouble()).isBetween(0.0, 1.0);
        }
    }
}
