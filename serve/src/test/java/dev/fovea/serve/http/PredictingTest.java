package dev.fovea.serve.http;

import static dev.fovea.serve.http.Served.detail;
import static dev.fovea.serve.http.Served.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PredictingTest {

    private static Served served;

    @BeforeAll
    static void start() {
        served = new Served(Served.models());
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static JsonNode expected(String model, String folder) throws IOException {
        Image image = Image.decode(Served.image(folder), "input");
        return Served.JSON.valueToTree(served.server
                .models()
                .predictor(model, Optional.empty())
                .predict(image)
                .values());
    }

    @Test
    void aFileIsAnsweredAsTheLibraryAnswersIt() throws Exception {
        HttpResponse<byte[]> response = served.put("/predict/classify", Served.image("classify/registry"));
        assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(200);
        JsonNode top = json(response).get("predictions").get(0).get("top");
        assertThat(top).isEqualTo(expected("classify", "classify/registry").get("top"));
        assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
    }

    @Test
    void formsAndBase64AreReadToo() throws Exception {
        byte[] image = Served.image("classify/registry");
        String encoded = Base64.getEncoder().encodeToString(image);
        JsonNode one =
                json(served.put("/predict/classify", image)).get("predictions").get(0);
        JsonNode two = json(served.post(
                        "/predict/classify",
                        "{\"images\": [\"%s\", \"data:image/png;base64,%s\"]}".formatted(encoded, encoded)))
                .get("predictions");
        assertThat(two).hasSize(2);
        assertThat(two.get(1).get("top")).isEqualTo(one.get("top"));
        String start = "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rose.png\"\r\n\r\n";
        byte[] form = (start + new String(image, StandardCharsets.ISO_8859_1) + "\r\n--xx--\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        var r3 = served.send(served.request("/predict/classify")
                .header("Content-Type", "multipart/form-data; boundary=xx")
                .POST(BodyPublishers.ofByteArray(form)));
        assertThat(r3.statusCode()).as(Served.text(r3)).isEqualTo(200);
        JsonNode three = json(r3).get("predictions").get(0);
        assertThat(three.get("name").asString()).isEqualTo("rose.png");
        assertThat(three.get("top")).isEqualTo(one.get("top"));
    }

    @Test
    void whatCurlCallsAFormIsReadAsWhatItIs() throws Exception {
        byte[] image = Served.image("classify/registry");
        String encoded = Base64.getEncoder().encodeToString(image);
        for (byte[] body :
                List.of(image, "{\"image\": \"%s\"}".formatted(encoded).getBytes(StandardCharsets.UTF_8))) {
            HttpResponse<byte[]> response = served.send(served.request("/predict/classify")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofByteArray(body)));
            assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(200);
        }
    }

    @Test
    void anAnswerWithAPlaceIsDrawn() throws Exception {
        HttpResponse<byte[]> drawn = served.send(served.request("/predict/segment")
                .header("Accept", "image/png")
                .PUT(BodyPublishers.ofByteArray(Served.image("segment"))));
        assertThat(drawn.statusCode()).as(Served.text(drawn)).isEqualTo(200);
        assertThat(Image.decode(drawn.body(), "drawn").width()).isPositive();
        HttpResponse<byte[]> mask = served.send(served.request("/predict/segment?draw=mask")
                .header("Accept", "image/png")
                .PUT(BodyPublishers.ofByteArray(Served.image("segment"))));
        assertThat(Image.indices(mask.body(), "mask").size())
                .isEqualTo(Image.decode(Served.image("segment"), "input").size());
        HttpResponse<byte[]> none = served.send(served.request("/predict/classify")
                .header("Accept", "image/png")
                .PUT(BodyPublishers.ofByteArray(Served.image("classify/registry"))));
        assertThat(none.statusCode()).isEqualTo(406);
        assertThat(detail(none)).contains("have no place in an image").endsWith("Ask for JSON");
    }

    @Test
    void theFirstProtocolIsSpoken() throws Exception {
        String encoded = Base64.getEncoder().encodeToString(Served.image("regress"));
        HttpResponse<byte[]> response = served.post(
                "/v1/models/regress:predict",
                "{\"instances\": [{\"image_bytes\": {\"b64\": \"%s\"}}, \"%s\"]}".formatted(encoded, encoded));
        assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(200);
        JsonNode predictions = json(response).get("predictions");
        assertThat(predictions).hasSize(2);
        assertThat(predictions.get(0).get("values"))
                .isEqualTo(expected("regress", "regress").get("values"));
        assertThat(json(served.get("/v1/models/regress")).get("ready").asBoolean())
                .isTrue();
    }

    @Test
    void whatCannotBeAnsweredIsSaidInOneSentence() throws Exception {
        HttpResponse<byte[]> unknown = served.put("/predict/clasify", new byte[1]);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(detail(unknown)).startsWith("no model 'clasify' answers here, did you mean 'classify'?");
        HttpResponse<byte[]> text = served.put("/predict/classify", "<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8));
        assertThat(text.statusCode()).isEqualTo(422);
        assertThat(detail(text)).isEqualTo("image: not an image (starts with \"<!DOCTYPE\"). Send another");
        assertThat(detail(served.post("/predict/classify", "{\"imgae\": \"\"}")))
                .isEqualTo(
                        "the body: unknown key 'imgae', did you mean 'image'? known are image, images, instances, mask");
        assertThat(detail(served.post("/predict/classify", "{\"image\": \"http://x/cat.jpg\"}")))
                .isEqualTo("image: images are sent, not fetched. Expected an image file in base64");
        assertThat(detail(served.post("/predict/classify", "{"))).startsWith("the body is no JSON at line 1");
        HttpResponse<byte[]> method = served.get("/predict/classify");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("POST, PUT, OPTIONS");
        assertThat(served.get("/nothing").statusCode()).isEqualTo(404);
    }
}
