package dev.fovea.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an operator sees: metrics, log, ids and traces. */
class ObservationTest {

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void requestsAreCountedOnAPortOfTheirOwn() throws Exception {
        try (Served served = new Served(Settings.local().withMetricsPort(0), new Offer(new WaitingModels()))) {
            served.get("/v2/health/live");
            served.get("/predict/nothing/at/all");
            served.put("/predict/m", "no image".getBytes());
            var request = HttpRequest.newBuilder(served.server.metricsAddress().orElseThrow())
                    .build();
            // Requests are counted when they are completed, which may be after the client has read the answer.
            long end = System.nanoTime() + 5_000_000_000L;
            HttpResponse<String> metrics = served.client.send(request, BodyHandlers.ofString());
            while (!metrics.body().contains("fovea_http_requests_under_way 0.0") && System.nanoTime() < end) {
                metrics = served.client.send(request, BodyHandlers.ofString());
            }
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            assertThat(metrics.body())
                    .contains(
                            "fovea_http_requests_total{method=\"GET\",reason=\"ok\",route=\"/v2/health/live\",status=\"200\"} 1.0",
                            "fovea_http_requests_total{method=\"GET\",reason=\"not-found\",route=\"none\",status=\"404\"} 1.0",
                            "fovea_http_requests_total{method=\"PUT\",reason=\"image\",route=\"/predict/{model}\",status=\"422\"} 1.0",
                            "fovea_http_request_seconds_count{route=\"/v2/health/live\"} 1",
                            "fovea_http_held_bytes 0.0");
            assertThat(served.get("/metrics").statusCode())
                    .as("on the port of the models")
                    .isEqualTo(404);
        }
    }

    @Test
    void everyRequestIsALineWithItsIdAndTrace() throws Exception {
        HttpResponse<byte[]> response;
        Served served = new Served(Settings.local(), new Offer(new WaitingModels()));
        try (served) {
            response = served.send(served.request("/v2?secret")
                    .header("X-Request-Id", "order-66")
                    .header("traceparent", PARENT)
                    .header("tracestate", "vendor=1"));
            served.send(served.request("/v2/models/none")
                    .header("X-Request-Id", "a b\u00e9")
                    .header("traceparent", PARENT.replace("4bf9", "xxxx")));
        }
        assertThat(response.headers().firstValue("X-Request-Id")).contains("order-66");
        assertThat(response.headers().firstValue("traceparent")).contains(PARENT);
        assertThat(response.headers().firstValue("tracestate")).contains("vendor=1");
        assertThat(served.log).hasSize(2);
        JsonNode line = Served.JSON.readTree(served.log.get(0));
        assertThat(line.get("id").asString()).isEqualTo("order-66");
        assertThat(line.get("trace").asString()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(line.get("span").asString()).isEqualTo("00f067aa0ba902b7");
        assertThat(line.get("path").asString()).isEqualTo("/v2");
        assertThat(line.get("status").asInt()).isEqualTo(400);
        assertThat(line.get("reason").asString()).isEqualTo("wrong-request");
        assertThat(line.get("ms").asDouble()).isPositive();
        JsonNode other = Served.JSON.readTree(served.log.get(1));
        assertThat(other.get("id").asString()).matches("[0-9a-f]{16}");
        assertThat(other.has("trace")).isFalse();
        assertThat(other.get("reason").asString()).isEqualTo("not-found");
    }
}
