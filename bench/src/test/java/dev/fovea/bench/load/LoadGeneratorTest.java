package dev.fovea.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers with what it is sent, and refuses, fails or lies on request. */
class LoadGeneratorTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/predict/m", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            asked.incrementAndGet();
            int status = body.matches("\\d{3}") ? Integer.parseInt(body) : 200;
            String label = body.startsWith("lie") ? "something else" : body;
            byte[] answer = ("{\"label\": \"" + label + "\"}").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(status, body.startsWith("chunked") ? 0 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/predict/m");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private LoadResult run(String body, double bad, double hangUp) throws InterruptedException {
        var samples = new Samples(List.of(bytes(body)), List.of(body), List.of(bytes("400")));
        return LoadGenerator.run(address, samples, new LoadPlan(3, 0, 60, Duration.ofSeconds(20), bad, hangUp));
    }

    @Test
    void countsWhatBecameOfRequests() throws InterruptedException {
        assertThat(run("cat", 0, 0).count(Outcome.ANSWERED)).isEqualTo(60);
        assertThat(run("chunked", 0, 0).count(Outcome.ANSWERED)).isEqualTo(60);
        assertThat(run("lie", 0, 0).count(Outcome.WRONG)).isEqualTo(60);
        assertThat(run("429", 0, 0).count(Outcome.REFUSED)).isEqualTo(60);
        assertThat(run("503", 0, 0).count(Outcome.REFUSED)).isEqualTo(60);
        assertThat(run("504", 0, 0).count(Outcome.EXPIRED)).isEqualTo(60);
        assertThat(run("500", 0, 0).count(Outcome.FAILED)).isEqualTo(60);
    }

    @Test
    void someAreBadAndSomeHangUp() throws InterruptedException {
        LoadResult result = run("cat", 0.3, 0.2);
        assertThat(result.count(Outcome.REJECTED)).isBetween(8L, 30L);
        assertThat(result.count(Outcome.HUNG_UP)).isBetween(4L, 24L);
        assertThat(result.count(Outcome.ANSWERED)).isBetween(20L, 48L);
        assertThat(result.faults()).isEmpty();
    }

    @Test
    void keepsToItsRate() throws InterruptedException {
        var samples = new Samples(List.of(bytes("cat")), List.of("cat"), List.of());
        LoadResult result = LoadGenerator.run(address, samples, LoadPlan.open(2, 100, Duration.ofMillis(500)));
        assertThat(result.count(Outcome.ANSWERED)).isBetween(45L, 52L);
    }

    @Test
    void asksAboutEachImageAloneFirst() throws IOException {
        var samples = new Samples(List.of(bytes("cat"), bytes("dog")), List.of(), List.of());
        assertThat(samples.asked(address).expected()).containsExactly("cat", "dog");
        assertThat(asked).hasValue(2);
    }

    @Test
    void drawsImagesAndWhatIsNone() {
        Samples drawn = Samples.drawn(3, 32);
        assertThat(drawn.images()).hasSize(3).allMatch(bytes -> bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8);
        assertThat(drawn.broken()).hasSize(4);
    }

    @Test
    void readsItsOptions() {
        LoadOptions soak = LoadOptions.parse(new String[] {"soak", "runs/a", "--requests", "500", "--clients", "8"});
        assertThat(soak.requests()).isEqualTo(500);
        assertThat(soak.clients()).isEqualTo(8);
        assertThat(soak.bad()).isEqualTo(0.05);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadOptions.parse(new String[] {"soak", "runs/a", "--requests", "many"}))
                .withMessage("--requests: expected a number from 0, got 'many'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadOptions.parse(new String[] {"load"}))
                .withMessage("load needs an address");
    }
}
