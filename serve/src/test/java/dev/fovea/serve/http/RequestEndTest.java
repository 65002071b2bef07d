package dev.fovea.serve.http;

import static dev.fovea.serve.http.Served.detail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That no request goes on when it is over, none hangs, and none takes memory that is not counted. */
class RequestEndTest {

    private static final byte[] IMAGE = LimitsTest.IMAGE;

    private final WaitingModels models = new WaitingModels();
    private Served served;

    private void serve(Limits limits) {
        served = new Served(Settings.local().withLimits(limits), new Offer(models));
    }

    @AfterEach
    void close() {
        served.close();
    }

    private void assertServes() throws Exception {
        assertThat(served.get("/v2/health/live").statusCode()).isEqualTo(200);
    }

    private CompletableFuture<HttpResponse<byte[]>> async() {
        return served.client.sendAsync(
                served.request("/predict/m")
                        .PUT(BodyPublishers.ofByteArray(IMAGE))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void whoLeavesHasNoMoreOfItsImagesDecoded() throws Exception {
        serve(Limits.usual());
        var connection = new RawConnection(served.server.address());
        var form = new StringBuilder();
        String file = new String(IMAGE, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 20; i++) {
            form.append("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n")
                    .append(file)
                    .append("\r\n");
        }
        form.append("--b--\r\n");
        models.onAsk = () -> {
            try {
                connection.close();
                Thread.sleep(300);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        connection.send(
                "POST /predict/m HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %s\r\n\r\n%s"
                        .formatted(form.length(), form));
        var first = models.asked.poll(5, TimeUnit.SECONDS);
        awaitNothingUnderWay();
        Thread.sleep(500);
        assertThat(first.isCancelled()).isTrue();
        assertThat(models.asked).isEmpty();
        assertThat(served.metric("fovea_http_held_bytes")).isZero();
    }

    private void awaitNothingUnderWay() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (served.metric("fovea_http_requests_under_way") > 0 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(served.metric("fovea_http_requests_under_way")).isZero();
    }

    @Test
    void anErrorWhileAnAnswerIsDrawnIsAnsweredToo() throws Exception {
        serve(Limits.usual());
        models.drawer = new Predictor() {
            @Override
            public Answer predict(Image image) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Answer predict(Path file) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Optional<BufferedImage> drawn(Image image, Answer answer) {
                throw new NoClassDefFoundError("no fonts");
            }
        };
        models.onAsk = () -> {};
        var open = served.client.sendAsync(
                served.request("/predict/m")
                        .header("Accept", "image/png")
                        .PUT(BodyPublishers.ofByteArray(IMAGE))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        models.asked.poll(5, TimeUnit.SECONDS).complete(WaitingModels.answer("one"));
        assertThat(open.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
        awaitNothingUnderWay();
    }

    @Test
    void aModelThatFailsIsNoMistakeOfTheClient() throws Exception {
        serve(Limits.usual());
        var open = async();
        models.asked.poll(5, TimeUnit.SECONDS).completeExceptionally(new IllegalArgumentException("no numbers"));
        HttpResponse<byte[]> response = open.get(10, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Served.text(response)).doesNotContain("no numbers");
    }

    @Test
    void memoryIsAskedForBeforeAnImageIsDecoded() throws Exception {
        serve(Limits.usual().withHeldBytes(1_000_000));
        assertThat(served.put("/predict/m", LimitsTest.png(400, 400)).statusCode())
                .as("960,000 bytes are free, what follows is no image")
                .isEqualTo(422);
        HttpResponse<byte[]> response = served.put("/predict/m", LimitsTest.png(500, 500));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(detail(response)).startsWith("the requests under way fill the memory");
        assertThat(served.metric("fovea_http_decoding_waiting")).isZero();
    }

    @Test
    void requestsThatAreSentWithoutWaitingAreAllAnswered() throws Exception {
        serve(Limits.usual());
        var noise = new BufferedImage(70, 70, BufferedImage.TYPE_INT_RGB);
        var random = new java.util.Random(1);
        for (int i = 0; i < 70 * 70; i++) {
            noise.setRGB(i % 70, i / 70, random.nextInt());
        }
        byte[] request = RawConnection.put("/predict/m", Image.png(noise));
        assertThat(request.length).as("more than a buffer of the server").isGreaterThan(12_000);
        var twice = new ByteArrayOutputStream();
        twice.writeBytes(request);
        twice.writeBytes(request);
        try (var connection = new RawConnection(served.server.address())) {
            connection.send(twice.toByteArray());
            var first = models.asked.poll(5, TimeUnit.SECONDS);
            connection.send(request);
            Thread.sleep(100);
            first.complete(WaitingModels.answer("one"));
            models.asked.poll(5, TimeUnit.SECONDS).complete(WaitingModels.answer("two"));
            models.asked.poll(5, TimeUnit.SECONDS).complete(WaitingModels.answer("three"));
            assertThat(connection.rest(1500))
                    .containsSubsequence("\"word\":\"one\"", "\"word\":\"two\"", "\"word\":\"three\"");
        }
    }

    @Test
    void otherCodingsThanGzipAreRefused() throws Exception {
        serve(Limits.usual());
        for (String coding : List.of("br", "deflate", "gzip, br")) {
            HttpResponse<byte[]> response = served.send(served.request("/predict/m")
                    .header("Content-Encoding", coding)
                    .PUT(BodyPublishers.ofByteArray(IMAGE)));
            assertThat(response.statusCode()).as(coding).isEqualTo(415);
        }
    }

    @Test
    void jsonAndTensorsAreMeasuredAfterDecompressionToo() throws Exception {
        serve(Limits.usual().withBodyBytes(1 << 20));
        for (String path : List.of("/predict/m", "/v2/models/m/infer", "/v1/models/m:predict")) {
            var bytes = new ByteArrayOutputStream();
            try (var zip = new GZIPOutputStream(bytes)) {
                zip.write("{\"image\": \"".getBytes(StandardCharsets.US_ASCII));
                zip.write("A".repeat(20 << 20).getBytes(StandardCharsets.US_ASCII));
                zip.write("\"}".getBytes(StandardCharsets.US_ASCII));
            }
            HttpResponse<byte[]> response = served.send(served.request(path)
                    .header("Content-Type", "application/json")
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(bytes.toByteArray())));
            assertThat(response.statusCode()).as(path).isEqualTo(413);
        }
    }

    @Test
    void oneAddressCannotTakeAllConnections() throws Exception {
        serve(Limits.usual().withConnections(40));
        var own = new ArrayList<RawConnection>();
        for (int i = 0; i < 30; i++) {
            own.add(new RawConnection(served.server.address()));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (served.metric("fovea_http_connections") > 10 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(served.metric("fovea_http_connections")).isLessThanOrEqualTo(10);
        for (RawConnection one : own) {
            one.close();
        }
        while (served.metric("fovea_http_connections") > 0 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertServes();
    }
}
