package dev.fovea.serve.http;

import dev.fovea.serve.ServedModels;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real server on this machine, and a client of it. */
final class Served implements AutoCloseable {

    static final Path PACKAGES = Path.of("../core/src/test/resources/packages");

    static final JsonMapper JSON = new JsonMapper();

    final List<String> log = new CopyOnWriteArrayList<>();
    final PrometheusRegistry registry = new PrometheusRegistry();
    final WebServer server;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Served(Settings settings, Offer offer) {
        server = new WebServer(settings, offer, registry, log::add).start();
    }

    Served(ServedModels models) {
        this(Settings.local(), new Offer(models));
    }

    /** A classifier, a detector, a segmenter, an embedder and a regressor. */
    static DirectModels models() {
        return new DirectModels(Map.of(
                "classify", PACKAGES.resolve("classify/registry"),
                "detect", PACKAGES.resolve("detect"),
                "segment", PACKAGES.resolve("segment"),
                "embed", PACKAGES.resolve("embedding"),
                "regress", PACKAGES.resolve("regress")));
    }

    static byte[] image(String folder) throws IOException {
        return Files.readAllBytes(PACKAGES.resolve(folder).resolve("input.png"));
    }

    URI at(String path) {
        return URI.create(server.address() + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(at(path));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<byte[]> put(String path, byte[] body) throws IOException, InterruptedException {
        return send(request(path).PUT(BodyPublishers.ofByteArray(body)));
    }

    HttpResponse<byte[]> post(String path, String json) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        return JSON.readTree(response.body());
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String detail(HttpResponse<byte[]> response) {
        return json(response).get("detail").asString();
    }

    /** A gauge. */
    double metric(String name) {
        return registry.scrape(name::equals).stream()
                .flatMap(one -> one.getDataPoints().stream())
                .mapToDouble(point -> ((GaugeDataPointSnapshot) point).getValue())
                .sum();
    }

    @Override
    public void close() {
        server.close();
        server.models().close();
    }
}
