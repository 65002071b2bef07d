package dev.fovea.serve.http;

import static dev.fovea.serve.http.Served.detail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import dev.fovea.serve.ServedModels.DeadlineException;
import dev.fovea.serve.ServedModels.OverloadedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server refuses, and that others are served meanwhile. */
class LimitsTest {

    static final byte[] IMAGE =
            Image.png(new java.awt.image.BufferedImage(8, 8, java.awt.image.BufferedImage.TYPE_INT_RGB));

    private final WaitingModels models = new WaitingModels();
    private Served served;

    private Served serve(Limits limits) {
        served = new Served(Settings.local().withLimits(limits), new Offer(models));
        return served;
    }

    @AfterEach
    void close() {
        if (served != null) {
            served.close();
        }
    }

    private void assertServes() throws Exception {
        try (var connection = new RawConnection(served.server.address())) {
            connection.send("GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(connection.rest(5000)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
        serve(Limits.usual().withBodyBytes(10_000));
        try (var connection = new RawConnection(served.server.address())) {
            connection.send("PUT /predict/m HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10001\r\n\r\n");
            assertThat(connection.rest(2000)).contains("413", "the body is larger than the 10000 bytes allowed");
        }
        try (var connection = new RawConnection(served.server.address())) {
            connection.send("PUT /predict/m HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2711\r\n");
            connection.send(new byte[10_001]);
            assertThat(connection.rest(2000)).contains("413");
        }
        assertServes();
    }

    @Test
    void whoIsStillSendingReadsWhyNot() throws Exception {
        serve(Limits.usual().withBodyBytes(100_000));
        for (int i = 0; i < 20; i++) {
            assertThat(served.put("/predict/m", new byte[3_000_000]).statusCode())
                    .isEqualTo(413);
            assertThat(served.put("/predict/none", new byte[3_000_000]).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aBodyIsMeasuredAfterDecompression() throws Exception {
        serve(Limits.usual().withBodyBytes(1 << 20));
        HttpResponse<byte[]> bomb = zipped(new byte[50 << 20]);
        assertThat(bomb.statusCode()).isEqualTo(413);
        HttpResponse<byte[]> good = zipped("no image".getBytes(StandardCharsets.UTF_8));
        assertThat(good.statusCode()).isEqualTo(422);
        assertThat(detail(good)).startsWith("image: not an image (starts with \"no image\")");
        HttpResponse<byte[]> broken = served.send(served.request("/predict/m")
                .header("Content-Encoding", "gzip")
                .PUT(BodyPublishers.ofByteArray(new byte[100])));
        assertThat(broken.statusCode()).isEqualTo(400);
        assertServes();
    }

    private HttpResponse<byte[]> zipped(byte[] body) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(body);
        }
        return served.send(served.request("/predict/m")
                .header("Content-Encoding", "gzip")
                .PUT(BodyPublishers.ofByteArray(bytes.toByteArray())));
    }

    @Test
    void deepJsonIsRefused() throws Exception {
        serve(Limits.usual());
        for (String path : List.of("/predict/m", "/v2/models/m/infer", "/v1/models/m:predict")) {
            HttpResponse<byte[]> response = served.post(path, "{\"image\":" + "[".repeat(100_000));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(detail(response))
                    .isEqualTo("the JSON of the body is nested deeper, or holds more, than allowed");
        }
        assertServes();
    }

    @Test
    void aHugeImageIsRefusedByItsHeader() throws Exception {
        serve(Limits.usual());
        HttpResponse<byte[]> response = served.put("/predict/m", png(20_000, 20_000));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(detail(response))
                .isEqualTo("image: 20000 x 20000 pixels are more than the 25 million allowed. Scale it down");
    }

    /** The beginning of such an image, and no data. */
    static byte[] png(int width, int height) {
        ByteBuffer bytes = ByteBuffer.allocate(57);
        bytes.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        chunk(
                bytes,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 2, 0, 0, 0})
                        .array());
        chunk(bytes, "IDAT", new byte[0]);
        chunk(bytes, "IEND", new byte[0]);
        return bytes.array();
    }

    private static void chunk(ByteBuffer to, String type, byte[] data) {
        var crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(data);
        to.putInt(data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .putInt((int) crc.getValue());
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws Exception {
        serve(Limits.usual());
        try (var connection = new RawConnection(served.server.address())) {
            connection.send("GET /v2 HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(40_000) + "\r\n\r\n");
            assertThat(connection.rest(2000)).contains("431", "the headers are larger than allowed");
        }
        assertServes();
    }

    @Test
    void connectionsThatDripAreClosedWhileOthersAreServed() throws Exception {
        serve(Limits.usual().withIdle(Duration.ofSeconds(1)));
        var slow = new ArrayList<RawConnection>();
        for (int i = 0; i < 50; i++) {
            slow.add(new RawConnection(served.server.address()));
            slow.get(i).send("GET /v2 HTTP/1.1\r\nHost: localhost\r\n");
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
        int open = slow.size();
        while (open > 0 && System.nanoTime() < end) {
            assertServes();
            open = 0;
            for (RawConnection one : slow) {
                open += drips(one) ? 1 : 0;
            }
        }
        assertThat(open).as("connections that are still open").isZero();
        for (RawConnection one : slow) {
            one.close();
        }
    }

    @Test
    void aConnectionThatHadARequestIsKeptAndItsNextOneHasItsTime() throws Exception {
        serve(Limits.usual().withIdle(Duration.ofSeconds(1)));
        try (var connection = new RawConnection(served.server.address())) {
            connection.send("GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.rest(2500)).startsWith("HTTP/1.1 200");
            connection.send("GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.rest(200)).startsWith("HTTP/1.1 200");
            connection.send("GET /v2");
            assertThat(connection.closed(500)).isFalse();
            assertThat(connection.closed(2500)).isTrue();
        }
    }

    private static boolean drips(RawConnection connection) throws IOException {
        try {
            connection.send("X");
            return !connection.closed(1);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aBodyThatDoesNotArriveEndsInTime() throws Exception {
        serve(Limits.usual().withIdle(Duration.ofSeconds(1)));
        try (var connection = new RawConnection(served.server.address())) {
            connection.send("PUT /predict/m HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc");
            assertThat(connection.rest(5000)).contains("HTTP/1.1 408");
        }
        try (var connection = new RawConnection(served.server.address())) {
            connection.send(
                    "PUT /predict/m HTTP/1.1\r\nHost: localhost\r\nX-Request-Timeout: 0.2\r\nContent-Length: 100\r\n\r\nabc");
            assertThat(connection.rest(3000)).contains("HTTP/1.1 504");
        }
    }

    @Test
    void whoHangsUpFreesItsPlace() throws Exception {
        serve(Limits.usual());
        var connection = new RawConnection(served.server.address());
        connection.send(RawConnection.put("/predict/m", IMAGE));
        var waiting = models.asked.poll(5, TimeUnit.SECONDS);
        assertThat(waiting.isDone()).isFalse();
        connection.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!waiting.isCancelled() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(waiting.isCancelled()).isTrue();
        assertServes();
    }

    @Test
    void aRequestThatFollowsInTheMeantimeIsAnsweredToo() throws Exception {
        serve(Limits.usual());
        try (var connection = new RawConnection(served.server.address())) {
            connection.send(RawConnection.put("/predict/m", IMAGE));
            var first = models.asked.poll(5, TimeUnit.SECONDS);
            connection.send(RawConnection.put("/predict/m", IMAGE));
            assertThat(models.asked.poll(200, TimeUnit.MILLISECONDS)).isNull();
            first.complete(WaitingModels.answer("one"));
            var second = models.asked.poll(5, TimeUnit.SECONDS);
            second.complete(WaitingModels.answer("two"));
            assertThat(connection.rest(1000)).containsSubsequence("\"word\":\"one\"", "\"word\":\"two\"");
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() throws Exception {
        serve(Limits.usual());
        HttpResponse<byte[]> late = served.send(
                served.request("/predict/m").header("X-Request-Timeout", "0.3").PUT(BodyPublishers.ofByteArray(IMAGE)));
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(detail(late)).isEqualTo("the time for this request is over");
        models.failure = () -> new DeadlineException("waited 300 ms for model 'm'");
        assertThat(detail(served.put("/predict/m", IMAGE))).isEqualTo("waited 300 ms for model 'm'");
        assertThat(detail(served.send(served.request("/predict/m")
                        .header("X-Request-Timeout", "soon")
                        .PUT(BodyPublishers.ofByteArray(IMAGE)))))
                .isEqualTo("X-Request-Timeout: expected seconds above 0, got 'soon'");
    }

    @Test
    void aFullQueueSaysWhenToComeAgain() throws Exception {
        serve(Limits.usual());
        models.failure = () -> new OverloadedException("256 images wait already", Duration.ofMillis(2500));
        HttpResponse<byte[]> response = served.put("/predict/m", IMAGE);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("3");
    }

    @Test
    void oneClientCannotTakeAllPlaces() throws Exception {
        serve(Limits.usual().withPerClient(2));
        var open = List.of(async(), async());
        models.asked.poll(5, TimeUnit.SECONDS);
        models.asked.poll(5, TimeUnit.SECONDS);
        HttpResponse<byte[]> third = served.put("/predict/m", IMAGE);
        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.headers().firstValue("Retry-After")).contains("1");
        assertThat(detail(third)).isEqualTo("3 requests of this client are under way, more than the 2 allowed");
        open.forEach(one -> one.cancel(true));
    }

    private CompletableFuture<HttpResponse<byte[]>> async() {
        return served.client.sendAsync(
                served.request("/predict/m")
                        .PUT(BodyPublishers.ofByteArray(IMAGE))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void requestsUnderWayHoldOnlySoMuchMemory() throws Exception {
        serve(Limits.usual().withHeldBytes(100_000));
        HttpResponse<byte[]> response = served.put("/predict/m", new byte[200_000]);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(detail(response)).startsWith("the requests under way fill the memory");
        assertThat(served.put("/predict/m", new byte[50_000]).statusCode()).isEqualTo(422);
        assertThat(served.put("/predict/m", new byte[50_000]).statusCode())
                .as("what the first held is given back")
                .isEqualTo(422);
    }

    @Test
    void aFaultIsInTheLogAndNotInTheAnswer() throws Exception {
        serve(Limits.usual());
        models.failure = () -> new IllegalStateException("a secret of the server");
        HttpResponse<byte[]> response = served.put("/predict/m", IMAGE);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Served.text(response)).doesNotContain("secret", "Exception", "dev.fovea");
        String id = response.headers().firstValue("X-Request-Id").orElseThrow();
        served.server.close();
        assertThat(served.log).anySatisfy(line -> assertThat(line).contains(id, "a secret of the server", "fault"));
    }

    @Test
    void requestsUnderWayAreAnsweredBeforeTheEnd() throws Exception {
        serve(Limits.usual());
        var open = async();
        var waiting = models.asked.poll(5, TimeUnit.SECONDS);
        var end = CompletableFuture.runAsync(served.server::close);
        assertThat(end).isNotDone();
        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
                .execute(() -> waiting.complete(WaitingModels.answer("late")));
        HttpResponse<byte[]> response = open.get(10, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Served.text(response)).contains("late");
        end.get(10, TimeUnit.SECONDS);
    }
}
