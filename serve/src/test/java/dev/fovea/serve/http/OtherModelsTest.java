package dev.fovea.serve.http;

import static dev.fovea.serve.http.Served.PACKAGES;
import static dev.fovea.serve.http.Served.detail;
import static dev.fovea.serve.http.Served.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.task.ImageSearch;
import dev.fovea.task.generate.Generator;
import dev.fovea.task.restore.Restorer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is neither prediction nor protocol: explanations, restoration, generation, search, and the page. */
class OtherModelsTest {

    private static Served served;

    @BeforeAll
    static void start() {
        var models = new DirectModels(Map.of("classify", PACKAGES.resolve("classify/registry")));
        var gallery = ImageSearch.of(PACKAGES.resolve("embedding"), new Shapes(1, 20, 16));
        served = new Served(
                Settings.local(),
                new Offer(
                        models,
                        Map.of("clean", Restorer.load(PACKAGES.resolve("restore"), "cpu")),
                        Map.of(
                                "diffusion", Generator.load(PACKAGES.resolve("generate/diffusion"), "cpu"),
                                "gan", Generator.load(PACKAGES.resolve("generate/gan"), "cpu")),
                        Map.of("shapes", gallery)));
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void anAnswerIsExplained() throws Exception {
        byte[] image = Served.image("classify/registry");
        HttpResponse<byte[]> drawn = served.put("/explain/classify?class=star", image);
        assertThat(drawn.statusCode()).as(Served.text(drawn)).isEqualTo(200);
        assertThat(Image.decode(drawn.body(), "why").width()).isGreaterThan(100);
        JsonNode values = json(served.send(served.request("/explain/classify")
                .header("Accept", "application/json")
                .PUT(BodyPublishers.ofByteArray(image))));
        assertThat(values.get("class").asString()).isEqualTo("crescent");
        assertThat(detail(served.put("/explain/classify?class=sun", image))).contains("'sun'");
        assertThat(detail(served.put("/explain/classify?metod=x", image)))
                .isEqualTo("unknown parameter 'metod', known are method, class");
    }

    @Test
    void anImageIsRestoredAsTheLibraryRestoresIt() throws Exception {
        byte[] image = Served.image("restore");
        HttpResponse<byte[]> restored = served.put("/restore/clean", image);
        assertThat(restored.statusCode()).as(Served.text(restored)).isEqualTo(200);
        Image expected = Restorer.load(PACKAGES.resolve("restore"), "cpu").restore(Image.decode(image, "x"));
        assertThat(Image.decode(restored.body(), "restored").pixels())
                .isEqualTo(Image.of(expected.toBufferedImage()).pixels());
        assertThat(detail(served.put("/restore/claen", image)))
                .isEqualTo("nothing called 'claen' restores images here, did you mean 'clean'? there is clean");
    }

    @Test
    void theSameSeedGivesTheSameImages() throws Exception {
        HttpResponse<byte[]> one = served.get("/generate/gan?count=2&seed=5");
        assertThat(one.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(one.headers().firstValue("X-Seed")).contains("5");
        HttpResponse<byte[]> two = served.post("/generate/gan", "{\"count\": 2, \"seed\": 5}");
        assertThat(two.body()).isEqualTo(one.body());
        JsonNode images = json(served.send(
                        served.request("/generate/gan?count=3&seed=5").header("Accept", "application/json")))
                .get("images");
        assertThat(images).hasSize(3);
        assertThat(Image.decode(
                                Base64.getDecoder()
                                        .decode(images.get(2).get("image").asString()),
                                "made")
                        .width())
                .isPositive();
        assertThat(detail(served.get("/generate/gan?count=1000")))
                .isEqualTo("count: expected a whole number from 1 to 64, got '1000'");
        assertThat(detail(served.get("/generate/diffusion?sampler=euler")))
                .isEqualTo("sampler: expected one of ddim, ddpm, heun, got 'euler'");
    }

    @Test
    void stepsOfDiffusionAreSentAsTheyAreDone() throws Exception {
        HttpResponse<byte[]> response = served.send(
                served.request("/generate/diffusion?count=2&steps=3&seed=1").header("Accept", "text/event-stream"));
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        var events = new ArrayList<String>();
        String last = "";
        for (String event : Served.text(response).split("\n\n")) {
            String[] lines = event.split("\n");
            events.add(lines[0].replace("event: ", ""));
            if (events.get(events.size() - 1).equals("image")) {
                last = Served.JSON
                        .readTree(lines[1].substring("data: ".length()))
                        .get("image")
                        .asString();
            }
        }
        assertThat(events).isEqualTo(List.of("begin", "step", "step", "step", "image", "image", "end"));
        JsonNode plain = json(served.send(
                served.request("/generate/diffusion?count=2&steps=3&seed=1").header("Accept", "application/json")));
        assertThat(last).isEqualTo(plain.get("images").get(1).get("image").asString());
    }

    @Test
    void theMostSimilarImagesAreFound() throws Exception {
        byte[] image = Image.png(new Shapes(1, 20, 16).image(3).toBufferedImage());
        JsonNode found = json(served.put("/find/shapes?top=3", image));
        assertThat(found.get("images").asInt()).isEqualTo(20);
        assertThat(found.get("matches")).hasSize(3);
        assertThat(found.get("matches").get(0).get("file").asString()).isEqualTo(new Shapes(1, 20, 16).name(3));
        assertThat(detail(served.put("/find/shapes?top=0", image)))
                .isEqualTo("top: expected a whole number from 1 to 1000, got 0.0");
    }

    @Test
    void everyRouteIsDescribed() throws Exception {
        JsonNode api = json(served.get("/openapi.json"));
        assertThat(api.get("openapi").asString()).isEqualTo("3.1.0");
        JsonNode paths = api.get("paths");
        assertThat(paths.propertyNames())
                .contains(
                        "/predict/{model}",
                        "/v2/models/{model}/versions/{version}/infer",
                        "/generate/{model}",
                        "/openapi.json");
        var ids = new ArrayList<String>();
        for (JsonNode path : paths) {
            for (JsonNode operation : path) {
                ids.add(operation.get("operationId").asString());
                assertThat(operation.get("responses").has("200")).isTrue();
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void thePageNeedsNothingFromElsewhere() throws Exception {
        String page = Served.text(served.get("/"));
        assertThat(page)
                .contains("<title>Fovea</title>")
                .doesNotContain("http://", "https://", "<style", "style=", "onclick");
        for (String file : List.of("/page.js", "/page.css", "/favicon.svg")) {
            assertThat(page).contains(file);
            assertThat(served.get(file).statusCode()).isEqualTo(200);
        }
        JsonNode models = json(served.get("/models")).get("models");
        assertThat(models.findValuesAsString("path"))
                .containsExactly(
                        "/predict/classify", "/restore/clean", "/generate/diffusion", "/generate/gan", "/find/shapes");
    }
}
