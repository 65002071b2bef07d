package dev.fovea.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.pool.Batching;
import dev.fovea.serve.pool.ModelPool;
import dev.fovea.serve.pool.ModelSource;
import dev.fovea.serve.pool.PoolMetrics;
import dev.fovea.serve.pool.PoolSettings;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The dashboard and the table of metrics name what a server that has answered exports. */
class GrafanaTest {

    private static final Pattern NAME = Pattern.compile("\\b(?:fovea|process|jvm)_[a-z_]+\\b");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)`");

    private static Set<String> exported() throws IOException, InterruptedException {
        var registry = new PrometheusRegistry();
        var settings = PoolSettings.of(Map.of("m", Served.PACKAGES.resolve("classify/layers")))
                .withBatching(Batching.DEFAULT.withSize(2));
        try (var pool = ModelPool.open(
                        settings, ModelSource.of("cpu"), new PoolMetrics(registry, PoolMetrics.DOUBTFUL), line -> {});
                var server = new WebServer(Settings.local(), new Offer(pool), registry, line -> {}).start()) {
            pool.awaitLoaded();
            var request = HttpRequest.newBuilder(URI.create(server.address() + "/predict/m"))
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(Served.image("classify/layers")))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            Set<String> names = Set.of();
            while (!names.contains("fovea_http_requests_total")) { // counted when the response is on its way
                var text = new ByteArrayOutputStream();
                PrometheusTextFormatWriter.create().write(text, registry.scrape());
                names = text.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split("[{ ]")[0])
                        .collect(Collectors.toSet());
            }
            return names;
        }
    }

    @Test
    void namesNothingThatIsNotExported() throws IOException, InterruptedException {
        Set<String> exported = exported();
        JsonNode dashboard = Served.JSON.readTree(Files.readAllBytes(Path.of("../docs/grafana-fovea.json")));
        var named = new TreeSet<String>();
        for (JsonNode panel : dashboard.required("panels")) {
            for (JsonNode target : panel.path("targets")) {
                Matcher names = NAME.matcher(target.required("expr").stringValue());
                while (names.find()) {
                    named.add(names.group());
                }
            }
        }
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(exported).containsAll(named);
        var table = new TreeSet<String>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("../docs/deploy.md")));
        while (rows.find()) {
            table.add(rows.group(1));
        }
        Set<String> families = exported.stream()
                .map(name -> name.replaceAll("_(bucket|count|sum)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(table).isEqualTo(families);
    }
}
