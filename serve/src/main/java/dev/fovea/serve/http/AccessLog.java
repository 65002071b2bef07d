package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object for each request, and for each fault of the server. Written by a thread of its own: a slow terminal or disk
 * holds up no request, lines that it cannot take are counted and left out.
 */
final class AccessLog implements RequestLog, AutoCloseable {

    private static final String REASON = "fovea.reason";
    private static final String ROUTE = "fovea.route";
    private static final int QUEUE = 10_000;
    private static final int LONGEST_PATH = 500;

    private final JsonMapper json = new JsonMapper();
    private final Consumer<String> lines;
    private final HttpMetrics metrics;
    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Object end = new Object();
    private final Thread writer = new Thread(this::write, "access-log");

    /** @param lines are given each line */
    AccessLog(Consumer<String> lines, HttpMetrics metrics) {
        this.lines = lines;
        this.metrics = metrics;
        writer.setDaemon(true);
        writer.start();
    }

    /** @param seconds that an image took to be decoded */
    void decoded(double seconds) {
        metrics.decoded(seconds);
    }

    /** Says why a request was not answered as it wanted. */
    static void reason(Request request, String reason) {
        request.setAttribute(REASON, reason);
    }

    /** Says which of the routes a request took, for metrics: its path is the client's to choose. */
    static void route(Request request, String route) {
        request.setAttribute(ROUTE, route);
    }

    @Override
    public void log(Request request, Response response) {
        int status = response.getStatus();
        double seconds = (System.nanoTime() - request.getBeginNanoTime()) / 1e9;
        String route = text(request, ROUTE).orElse("none");
        String reason = text(request, REASON).orElse(status < 400 ? "ok" : "wrong-request");
        metrics.count(route, request.getMethod(), status, reason, seconds);
        var line = new LinkedHashMap<String, Object>();
        line.put("time", Instant.now().toString());
        line.put("id", RequestId.of(request));
        TraceContext.of(request.getHeaders()).ifPresent(trace -> {
            line.put("trace", trace.traceId());
            line.put("span", trace.spanId());
        });
        line.put("client", Request.getRemoteAddr(request));
        line.put("method", Escaped.of(request.getMethod()));
        line.put("path", path(request));
        line.put("status", status);
        line.put("reason", reason);
        line.put("ms", Math.round(seconds * 1e6) / 1e3);
        line.put("bytesIn", Request.getContentBytesRead(request));
        line.put("bytesOut", Response.getContentBytesWritten(response));
        offer(line);
    }

    private static Optional<String> text(Request request, String attribute) {
        return Optional.ofNullable(request.getAttribute(attribute)).map(Object::toString);
    }

    /** Without what is behind the question mark, which may be anything. */
    private static String path(Request request) {
        String path = String.valueOf(request.getHttpURI().getPath());
        return Escaped.of(path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) : path);
    }

    /** A fault of the server, with its stack trace, which no client sees. */
    void fault(String id, Throwable thrown) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        var line = new LinkedHashMap<String, Object>();
        line.put("time", Instant.now().toString());
        line.put("id", id);
        line.put("fault", trace.toString());
        offer(line);
    }

    private void offer(Object line) {
        if (!queue.offer(line)) {
            metrics.lineLost();
        }
    }

    private void write() {
        try {
            for (Object line = queue.take(); line != end; line = queue.take()) {
                lines.accept(json.writeValueAsString(line));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        try {
            if (queue.offer(end, 1, TimeUnit.SECONDS)) { // else it is held up where it writes to
                writer.join(5000);
            }
            writer.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
