package dev.fovea.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests and images that somebody spoiled by intent or by chance; the short form of each, and the long one. */
class HostileTest {

    private static final int FEW = 300;
    private static final int MANY = 10_000;

    private Served served;

    private void serve(Limits limits) {
        var models = new DirectModels(Map.of("classify", Served.PACKAGES.resolve("classify/registry")));
        served = new Served(Settings.local().withLimits(limits), new Offer(models));
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void spoiledRequestsAreRefusedAndOthersServed() throws Exception {
        spoilRequests(FEW);
    }

    @Test
    @Tag("slow")
    void tenThousandSpoiledRequestsLeaveNothingBehind() throws Exception {
        spoilRequests(500);
        close();
        long before = heap();
        spoilRequests(MANY);
        assertThat(heap() - before).isLessThan(30L << 20);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void spoilRequests(int count) throws Exception {
        serve(Limits.usual().withIdle(Duration.ofSeconds(2)));
        List<byte[]> requests = requests();
        IntStream.range(0, 8).parallel().forEach(thread -> {
            var random = new Random(thread);
            for (int i = 0; i < count / 8; i++) {
                byte[] request = spoiled(requests.get(random.nextInt(requests.size())), random);
                try (var connection = new RawConnection(served.server.address())) {
                    connection.send(request);
                    String answer = connection.rest(20);
                    assertThat(answer)
                            .as(() -> new String(request, StandardCharsets.ISO_8859_1))
                            .matches("(?s)|HTTP/1\\.1 [1234]\\d\\d.*");
                } catch (IOException e) {
                    // refused so early that not all could be sent
                }
            }
        });
        assertThat(served.put("/predict/classify", Served.image("classify/registry"))
                        .statusCode())
                .isEqualTo(200);
        assertNothingHeld();
        served.server.close(); // and with it the log, which another thread writes
        assertThat(served.log).filteredOn(HostileTest::failed).isEmpty();
    }

    private static boolean failed(String line) {
        JsonNode values = Served.JSON.readTree(line);
        return values.has("fault") || values.get("status").asInt() >= 500;
    }

    /** All kinds of requests that are valid. */
    private static List<byte[]> requests() throws IOException {
        byte[] image = Served.image("classify/registry");
        String json =
                "{\"image\": \"%s\"}".formatted(java.util.Base64.getEncoder().encodeToString(image));
        String infer =
                "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\": {\"binary_data_size\": %s}}]}"
                        .formatted(image.length + 4);
        var binary = new ByteArrayOutputStream();
        binary.writeBytes(infer.getBytes(StandardCharsets.US_ASCII));
        binary.writeBytes(new byte[] {(byte) image.length, (byte) (image.length >> 8), 0, 0});
        binary.writeBytes(image);
        var form = new ByteArrayOutputStream();
        form.writeBytes("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(image);
        form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return List.of(
                RawConnection.put("/predict/classify", image),
                request(
                        "POST /predict/classify",
                        "Content-Type: application/json",
                        json.getBytes(StandardCharsets.US_ASCII)),
                request("POST /predict/classify", "Content-Type: multipart/form-data; boundary=b", form.toByteArray()),
                request(
                        "POST /v2/models/classify/infer",
                        "Inference-Header-Content-Length: " + infer.length(),
                        binary.toByteArray()),
                request("POST /v1/models/classify:predict", "Content-Encoding: gzip", new byte[] {
                    31, (byte) 139, 8, 0, 0
                }),
                request("GET /v2/models/classify?x=%41", "X-Request-Timeout: 1", new byte[0]),
                ("POST /predict/classify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] request(String line, String header, byte[] body) {
        byte[] head = "%s HTTP/1.1\r\nHost: localhost\r\n%s\r\nContent-Length: %s\r\n\r\n"
                .formatted(line, header, body.length)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    /** Some bytes changed, left out or repeated, mostly at the beginning; or the end cut off. */
    private static byte[] spoiled(byte[] bytes, Random random) {
        byte[] spoiled = bytes.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(120, spoiled.length) : spoiled.length);
            switch (random.nextInt(4)) {
                case 0 -> spoiled[at] = (byte) random.nextInt(256);
                case 1 -> spoiled[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> spoiled = Arrays.copyOf(spoiled, Math.max(1, at));
                default -> {
                    int length = random.nextInt(Math.min(40, spoiled.length - at)) + 1;
                    byte[] longer = Arrays.copyOf(spoiled, spoiled.length + length);
                    System.arraycopy(spoiled, at, longer, at + length, spoiled.length - at);
                    spoiled = longer;
                }
            }
        }
        return spoiled;
    }

    private void assertNothingHeld() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (served.metric("fovea_http_held_bytes") + served.metric("fovea_http_connections") > 1
                && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(served.metric("fovea_http_held_bytes")).isZero();
        assertThat(served.metric("fovea_http_requests_under_way")).isZero();
        assertThat(served.metric("fovea_http_connections")).isLessThanOrEqualTo(1);
    }

    @Test
    void spoiledImagesAreRefusedOrAnswered() throws Exception {
        spoilImages(FEW);
    }

    @Test
    @Tag("slow")
    void tenThousandSpoiledImagesLeaveNothingBehind() throws Exception {
        spoilImages(500);
        close();
        long before = heap();
        spoilImages(MANY);
        assertThat(heap() - before).isLessThan(30L << 20);
    }

    private void spoilImages(int count) throws Exception {
        serve(Limits.usual().withIdle(Duration.ofSeconds(2)));
        byte[] png = Served.image("classify/registry");
        List<byte[]> files = List.of(png, Image.decode(png, "png").jpegBytes(90));
        var random = new Random(1);
        var statuses = new int[600];
        for (int i = 0; i < count; i++) {
            HttpResponse<byte[]> response = served.put("/predict/classify", spoiled(files.get(i % 2), random));
            statuses[response.statusCode()]++;
        }
        assertThat(statuses[200] + statuses[422]).isEqualTo(count);
        assertThat(statuses[422]).isPositive();
        assertNothingHeld();
    }

    @Test
    @Tag("slow")
    void aThousandConnectionsThatDripHoldUpNobody() throws Exception {
        serve(Limits.usual().withIdle(Duration.ofSeconds(10)));
        var dripping = new ArrayList<RawConnection>();
        for (int i = 0; i < 1000; i++) {
            dripping.add(new RawConnection(served.server.address()));
            dripping.get(i).send("POST /predict/classify HTTP/1.1\r\nHost: localhost\r\n");
        }
        byte[] image = Served.image("classify/registry");
        double worst = 0;
        for (int i = 0; i < 50; i++) {
            for (RawConnection one : dripping) {
                drip(one);
            }
            long begin = System.nanoTime();
            assertThat(served.put("/predict/classify", image).statusCode()).isEqualTo(200);
            worst = Math.max(worst, (System.nanoTime() - begin) / 1e9);
        }
        assertThat(worst).as("seconds of an answer").isLessThan(2);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (served.metric("fovea_http_connections") > 1 && System.nanoTime() < end) {
            for (RawConnection one : dripping) {
                drip(one);
            }
            Thread.sleep(100);
        }
        assertThat(served.metric("fovea_http_connections")).isLessThanOrEqualTo(1);
        for (RawConnection one : dripping) {
            one.close();
        }
    }

    private static void drip(RawConnection connection) {
        try {
            connection.send("x");
        } catch (IOException e) {
            // closed, as it should be
        }
    }
}
