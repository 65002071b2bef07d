package dev.fovea.serve.http;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Metrics as Prometheus reads them, and nothing else. */
final class MetricsHandler extends Handler.Abstract {

    private final PrometheusRegistry registry;
    private final Shared shared;
    private final Security security;
    private final Connections connections;
    private final ExpositionFormats formats = ExpositionFormats.init();

    MetricsHandler(PrometheusRegistry registry, Shared shared, Connections connections) {
        this.registry = registry;
        this.connections = connections;
        this.shared = shared;
        security = new Security(shared.settings());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        security.addHeaders(response);
        try {
            connections.begin(request);
            security.check(request, response);
            if (!Request.getPathInContext(request).equals("/metrics")) {
                throw Refusal.notFound("there is nothing here but /metrics");
            }
        } catch (Refusal e) {
            ProblemResponse.write(request, response, callback, e, shared);
            return true;
        }
        ExpositionFormatWriter format = formats.findWriter(request.getHeaders().get(HttpHeader.ACCEPT));
        var out = new ByteArrayOutputStream();
        format.write(out, registry.scrape());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, format.getContentType());
        response.write(true, ByteBuffer.wrap(out.toByteArray()), callback);
        return true;
    }
}
