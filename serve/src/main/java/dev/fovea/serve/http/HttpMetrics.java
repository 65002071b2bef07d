package dev.fovea.serve.http;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;
import java.util.function.DoubleSupplier;

/** What is counted of HTTP. */
final class HttpMetrics {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE", "PATCH");

    private final PrometheusRegistry registry;
    private final Counter requests;
    private final Histogram seconds;
    private final Histogram decode;
    private final Counter lost;

    HttpMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        requests = Counter.builder()
                .name("fovea_http_requests_total")
                .help("Requests by route, status and the reason of it")
                .labelNames("route", "method", "status", "reason")
                .register(registry);
        seconds = Histogram.builder()
                .name("fovea_http_request_seconds")
                .help("Time from the first byte of a request to the last of its response")
                .labelNames("route")
                .classicOnly()
                .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
                .register(registry);
        decode = Histogram.builder()
                .name("fovea_decode_seconds")
                .help("Time to decode an image")
                .classicOnly()
                .classicUpperBounds(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
                .register(registry);
        lost = Counter.builder()
                .name("fovea_http_log_lines_lost_total")
                .help("Lines of the access log that could not be written in time")
                .register(registry);
    }

    /** A number that is asked for when the metrics are read. */
    void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    void count(String route, String method, int status, String reason, double taken) {
        // A client may invent methods without end.
        String known = method != null && METHODS.contains(method) ? method : "other";
        requests.labelValues(route, known, String.valueOf(status), reason).inc();
        seconds.labelValues(route).observe(taken);
    }

    void decoded(double taken) {
        decode.observe(taken);
    }

    void lineLost() {
        lost.inc();
    }
}
