package dev.fovea.serve.http;

import static dev.fovea.serve.http.Served.detail;
import static dev.fovea.serve.http.Served.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import dev.fovea.image.Image;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OpenInferenceTest {

    private static Served served;

    @BeforeAll
    static void start() {
        served = new Served(Served.models());
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void theServerSaysWhatItIs() throws Exception {
        JsonNode server = json(served.get("/v2"));
        assertThat(server.get("name").asString()).isEqualTo("fovea");
        assertThat(server.get("extensions").get(0).asString()).isEqualTo("binary_tensor_data");
        assertThat(json(served.get("/v2/health/live")).get("live").asBoolean()).isTrue();
        assertThat(json(served.get("/v2/health/ready")).get("ready").asBoolean())
                .isTrue();
        assertThat(json(served.get("/v2/models/detect/ready")).get("ready").asBoolean())
                .isTrue();
        assertThat(json(served.post("/v2/repository/index", "{}"))).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource({
        "classify, top.count top.label top.probability answer",
        "detect, objects.count objects.label objects.score objects.box answer",
        "segment, regions.count regions.label regions.share regions.mask answer",
        "embed, embedding answer",
        "regress, values.count values.name values.value answer"
    })
    void theMetadataNameWhatIsGiven(String model, String names) throws Exception {
        JsonNode metadata = json(served.get("/v2/models/" + model));
        assertThat(metadata.get("versions").get(0).asString()).isEqualTo("1");
        assertThat(metadata.get("inputs").toString())
                .isEqualTo("[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[-1]}]");
        assertThat(metadata.get("outputs").findValuesAsString("name")).containsExactly(names.split(" "));
        assertThat(json(served.get("/v2/models/%s/versions/1".formatted(model))))
                .isEqualTo(metadata);
    }

    @Test
    void filesInJsonAreAnsweredAsTensors() throws Exception {
        String encoded = Base64.getEncoder().encodeToString(Served.image("classify/registry"));
        HttpResponse<byte[]> response = served.post("/v2/models/classify/infer", """
                {"id": "42", "inputs": [{"name": "image", "datatype": "BYTES", "shape": [2], "data": ["%s", "%s"]}],
                 "outputs": [{"name": "top.label"}, {"name": "top.probability"}]}""".formatted(encoded, encoded));
        assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(200);
        JsonNode answer = json(response);
        assertThat(answer.get("id").asString()).isEqualTo("42");
        assertThat(answer.get("model_name").asString()).isEqualTo("classify");
        JsonNode labels = answer.get("outputs").get(0);
        JsonNode probabilities = answer.get("outputs").get(1);
        JsonNode plain = json(served.put("/predict/classify", Served.image("classify/registry")))
                .get("predictions")
                .get(0)
                .get("top");
        int top = plain.size();
        assertThat(labels.get("datatype").asString()).isEqualTo("BYTES");
        assertThat(labels.get("shape").toString()).isEqualTo("[2,%s]".formatted(top));
        assertThat(probabilities.get("datatype").asString()).isEqualTo("FP32");
        for (int i = 0; i < 2 * top; i++) {
            assertThat(labels.get("data").get(i)).isEqualTo(plain.get(i % top).get("label"));
            assertThat(probabilities.get("data").get(i))
                    .isEqualTo(plain.get(i % top).get("probability"));
        }
    }

    @Test
    void theBinaryExtensionGivesTheSame() throws Exception {
        byte[] image = Served.image("detect");
        String header =
                "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1, 1], \"parameters\": {\"binary_data_size\": %s}}], \"parameters\": {\"binary_data_output\": true}}"
                        .formatted(image.length + 4);
        var body = new ByteArrayOutputStream();
        body.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(image.length)
                .array());
        body.writeBytes(image);
        HttpResponse<byte[]> response = served.send(served.request("/v2/models/detect/versions/1/infer")
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", String.valueOf(header.length()))
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
        assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(200);
        int length = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode answer = Served.JSON.readTree(response.body(), 0, length);
        assertThat(answer.get("model_version").asString()).isEqualTo("1");
        ByteBuffer rest = ByteBuffer.wrap(response.body(), length, response.body().length - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        JsonNode objects = Served.JSON
                .valueToTree(served.server
                        .models()
                        .predictor("detect", Optional.empty())
                        .predict(Image.decode(image, "input"))
                        .values())
                .get("objects");
        for (JsonNode output : answer.get("outputs")) {
            int size = output.get("parameters").get("binary_data_size").asInt();
            ByteBuffer own = rest.slice(rest.position(), size).order(ByteOrder.LITTLE_ENDIAN);
            rest.position(rest.position() + size);
            if (output.get("name").asString().equals("objects.box")) {
                assertThat(output.get("shape").toString()).isEqualTo("[1,%s,4]".formatted(objects.size()));
                for (JsonNode object : objects) {
                    for (JsonNode side : object.get("box")) {
                        assertThat((double) own.getFloat()).isCloseTo(side.asDouble(), within(1e-3));
                    }
                }
            }
        }
        assertThat(objects).isNotEmpty();
        assertThat(rest.hasRemaining()).isFalse();
    }

    /** As Triton's own client does: named outputs as bytes, and all of the body compressed. */
    @Test
    void aCompressedRequestForNamedTensorsIsAnswered() throws Exception {
        byte[] image = Served.image("classify/registry");
        String header =
                "{\"id\":\"7\",\"inputs\":[{\"name\":\"image\",\"shape\":[1],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":%s}}],\"outputs\":[{\"name\":\"top.probability\",\"parameters\":{\"binary_data\":true}},{\"name\":\"top.label\",\"parameters\":{\"binary_data\":false}}]}"
                        .formatted(image.length + 4);
        var body = new ByteArrayOutputStream();
        try (var zip = new java.util.zip.GZIPOutputStream(body)) {
            zip.write(header.getBytes(StandardCharsets.UTF_8));
            zip.write(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(image.length)
                    .array());
            zip.write(image);
        }
        HttpResponse<byte[]> response = served.send(served.request("/v2/models/classify/infer")
                .header("Content-Encoding", "gzip")
                .header("Inference-Header-Content-Length", String.valueOf(header.length()))
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
        assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(200);
        int length = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode answer = Served.JSON.readTree(response.body(), 0, length);
        assertThat(answer.get("id").asString()).isEqualTo("7");
        assertThat(answer.get("model_version").asString()).isEqualTo("1");
        JsonNode labels = answer.get("outputs").get(1).get("data");
        assertThat(answer.get("outputs")
                        .get(0)
                        .get("parameters")
                        .get("binary_data_size")
                        .asInt())
                .isEqualTo(4 * labels.size())
                .isEqualTo(response.body().length - length);
    }

    @Test
    void pixelsAreTakenAsTheyAre() throws Exception {
        Image image = Image.decode(Served.image("classify/registry"), "input");
        var values = new ArrayList<String>();
        for (byte value : image.pixels()) {
            values.add(String.valueOf(value & 0xFF));
        }
        HttpResponse<byte[]> response = served.post(
                "/v2/models/classify/infer", """
                {"inputs": [{"name": "image", "datatype": "UINT8", "shape": [1, %s, %s, 3], "data": [[%s]]}], "outputs": [{"name": "answer"}]}""".formatted(image.height(), image.width(), String.join(",", values)));
        assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(200);
        JsonNode answer = Served.JSON.readTree(
                json(response).get("outputs").get(0).get("data").get(0).asString());
        JsonNode plain = json(served.put("/predict/classify", Served.image("classify/registry")));
        assertThat(answer.get("top")).isEqualTo(plain.get("predictions").get(0).get("top"));
    }

    @Test
    void listsOfUnequalLengthAreFilledUp() {
        List<JsonNode> answers = List.of(
                Served.JSON.readTree(
                        "{\"objects\": [{\"label\": \"a\", \"box\": [1, 2]}, {\"label\": \"b\", \"box\": [3, 4]}]}"),
                Served.JSON.readTree("{\"objects\": []}"));
        var example = Map.<String, Object>of("objects", List.of(Map.of("label", "x")));
        var box = Map.<String, Object>of("objects", List.of(Map.of("box", List.of(0, 0))));
        String tensors = java.util.stream.Stream.of(example, box)
                .map(one -> new AnswerSchema(new Json(Limits.usual()), one))
                .flatMap(schema -> schema.tensors(answers).stream())
                .filter(one -> !one.name().equals(AnswerSchema.WHOLE))
                .map(one -> one.name() + one.shape() + one.values())
                .collect(Collectors.joining(" "));
        assertThat(tensors)
                .isEqualTo(
                        "objects.count[2][2, 0] objects.label[2, 2][\"a\", \"b\", \"\", \"\"] objects.count[2][2, 0] objects.box[2, 2, 2][1, 2, 3, 4, 0, 0, 0, 0]");
    }

    @Test
    void whatIsFoundInNothingHasTheSameNamesAndTypes() throws Exception {
        byte[] black = Image.png(new java.awt.image.BufferedImage(64, 64, java.awt.image.BufferedImage.TYPE_INT_RGB));
        String encoded = Base64.getEncoder().encodeToString(black);
        HttpResponse<byte[]> response = served.post("/v2/models/detect/infer", """
                {"inputs": [{"name": "image", "datatype": "BYTES", "shape": [1], "data": ["%s"]}],
                 "outputs": [{"name": "objects.box"}, {"name": "objects.label"}, {"name": "objects.score"}, {"name": "objects.count"}]}""".formatted(encoded));
        assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(200);
        JsonNode outputs = json(response).get("outputs");
        int found = outputs.get(3).get("data").get(0).asInt();
        assertThat(outputs.get(0).get("shape").toString()).isEqualTo("[1,%s,4]".formatted(found));
        assertThat(outputs.findValuesAsString("datatype")).containsExactly("FP32", "BYTES", "FP32", "INT64");
        var empty = new AnswerSchema(new Json(Limits.usual()), Map.of("objects", List.of()))
                .tensors(List.of(Served.JSON.readTree("{\"objects\": []}")));
        assertThat(empty)
                .extracting(
                        AnswerTensor::name,
                        AnswerTensor::type,
                        one -> one.shape().toString())
                .containsExactly(
                        tuple("objects.count", TensorType.INT64, "[1]"),
                        tuple("objects.label", TensorType.BYTES, "[1, 0]"),
                        tuple("objects.score", TensorType.FP32, "[1, 0]"),
                        tuple("objects.box", TensorType.FP32, "[1, 0, 4]"),
                        tuple("answer", TensorType.BYTES, "[1]"));
    }

    @Test
    void aShapeThatMeansTooMuchIsRefused() throws Exception {
        for (String shape : List.of("[100000,100000]", "[100000,100000,100000,100000]")) {
            HttpResponse<byte[]> response = served.post(
                    "/v2/models/classify/infer",
                    "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":%s,\"data\":[\"x\"]}]}"
                            .formatted(shape));
            assertThat(response.statusCode()).as(Served.text(response)).isEqualTo(413);
            assertThat(detail(response)).contains("means more files than the 64 images allowed");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|inputs: expected a list of one input, 'image', got a list of 0",
                "[{\"name\": \"x\"}]|inputs: unknown input 'x', the one there is is called 'image'",
                "[{\"name\": \"image\", \"shape\": [0], \"data\": []}]|input 'image': shape: expected a list of 1 to 4 numbers from 1 to 100000",
                "[{\"name\": \"image\", \"datatype\": \"FP32\", \"shape\": [1, 3, 2, 2], \"data\": [0]}]|input 'image' is FP32: this server resizes and normalises images itself. Send files as BYTES [N], or pixels as UINT8 [N, H, W, 3]",
                "[{\"name\": \"image\", \"datatype\": \"UINT8\", \"shape\": [1, 3, 2, 2], \"data\": [0]}]|input 'image': pixels are UINT8 [N, H, W, 3] or [N, H, W, 1], got [1, 3, 2, 2]. Channels come last",
                "[{\"name\": \"image\", \"datatype\": \"UINT8\", \"shape\": [1, 1, 3], \"data\": [0, 256, 1]}]|input 'image': pixels are whole numbers from 0 to 255, got a number 256 at 1",
                "[{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": [\"\"]}]|input 'image': the shape [2] means 2 files, the data has 1"
            })
    void whatIsNotOfTheProtocolIsSaidInOneSentence(String inputs, String sentence) throws Exception {
        HttpResponse<byte[]> response = served.post("/v2/models/classify/infer", "{\"inputs\": %s}".formatted(inputs));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(detail(response)).isEqualTo(sentence);
        assertThat(json(response).get("error").asString()).isEqualTo(sentence);
    }

    @Test
    void bytesWithoutTheLengthOfTheirJsonAreToldWhatIsMissing() throws Exception {
        HttpResponse<byte[]> response = served.post("/v2/models/classify/infer", "{\"inputs\": []}\0\0");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(detail(response))
                .isEqualTo(
                        "the body is no JSON alone, and the header Inference-Header-Content-Length does not say how many bytes of it are JSON: 0 where all of it is an image file");
    }
}
