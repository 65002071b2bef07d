package dev.fovea.serve.http;

import dev.fovea.serve.ServedModels;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Models behind HTTP.
 *
 * <p>Few threads: none of them waits for a model, and the processor is the models'.
 */
public final class WebServer implements AutoCloseable {

    private static final int MOST_THREADS = 16;
    private static final int DECODING_QUEUE = 512;

    /** Threads that read files where data is opened by them, too, which may take a minute. */
    private static final int MOST_HELD_UP = 32;

    private static final int WORK_QUEUE = 32;
    private static final int METRICS_CONNECTIONS = 64;
    private static final int SMALLEST_COMPRESSED = 1024;
    private static final Duration METRICS_IDLE = Duration.ofSeconds(5);

    private final Settings settings;
    private final Shared shared;
    private final Connections connections;
    private final Connections metricsConnections;
    private final Server server;
    private final Optional<Server> metricsServer;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * A server that does not listen yet.
     *
     * @param registry metrics that it adds its own to, and serves on their own port
     * @param log is given the lines of the access log, each a JSON object
     */
    public WebServer(Settings settings, Offer offer, PrometheusRegistry registry, Consumer<String> log) {
        this(settings, offer, new Security(settings), Optional.empty(), registry, log);
    }

    /**
     * A server of other addresses than those of models, which does not listen yet.
     *
     * @param guard says who may ask
     */
    public WebServer(Settings settings, Guard guard, List<Route> routes, Consumer<String> log) {
        this(settings, Offer.NONE, guard, Optional.of(routes), new PrometheusRegistry(), log);
    }

    private WebServer(
            Settings settings,
            Offer offer,
            Guard guard,
            Optional<List<Route>> routes,
            PrometheusRegistry registry,
            Consumer<String> log) {
        this.settings = settings;
        var metrics = new HttpMetrics(registry);
        var threads = threads("http");
        int cores = Runtime.getRuntime().availableProcessors();
        // Without models there is nobody to leave the cores to but files that are read.
        int decoders = routes.isPresent() ? Math.max(4, Math.min(8, cores)) : Math.max(1, Math.min(4, cores / 2));
        connections = new Connections(
                settings.limits().idle(),
                settings.timeout(),
                Connections.TAKING,
                settings.limits().perClient(),
                Math.max(1, settings.limits().connections() / 4));
        shared = new Shared(
                settings,
                offer,
                guard,
                new Json(settings.limits()),
                new HeldMemory(settings.limits().heldBytes()),
                new AccessLog(log, metrics),
                new BoundedThreads("decoding", decoders, routes.isPresent() ? MOST_HELD_UP : decoders, DECODING_QUEUE),
                new BoundedThreads("work", 1, WORK_QUEUE),
                new BoundedThreads("encoding", decoders, DECODING_QUEUE),
                connections,
                threads,
                stopping::get);
        metricsConnections = new Connections(
                shortest(settings.limits().idle()),
                settings.timeout(),
                Connections.TAKING,
                METRICS_CONNECTIONS,
                METRICS_CONNECTIONS / 2);
        gauges(metrics);
        var graceful = new GracefulHandler(compression(new Routing(routes.orElseGet(this::routes), shared)));
        server = new Server(threads);
        server.setHandler(new Front(shared, connections, graceful));
        server.setErrorHandler(new ProblemResponse(shared));
        server.setRequestLog(shared.log());
        server.setStopTimeout(Math.max(1, settings.drain().toMillis()));
        ServerConnector connector = connector(server, settings.port());
        connector.addBean(connections);
        server.addConnector(connector);
        var limit = new NetworkConnectionLimit(settings.limits().connections(), connector);
        limit.setEndPointIdleTimeout(1000);
        server.addBean(limit);
        metricsServer = settings.metricsPort() < 0 ? Optional.empty() : Optional.of(metricsServer(registry));
    }

    private static Duration shortest(Duration idle) {
        return idle.compareTo(METRICS_IDLE) < 0 ? idle : METRICS_IDLE;
    }

    private List<Route> routes() {
        var routes = new ArrayList<Route>(Predicting.routes());
        routes.addAll(OpenInference.routes());
        routes.addAll(Explaining.routes());
        routes.addAll(Restoring.routes());
        routes.addAll(Generating.routes());
        routes.addAll(Finding.routes());
        routes.addAll(Page.routes());
        routes.add(Route.get("/models", "What is served here", Catalog::models));
        routes.add(Route.get("/openapi.json", "This description", call -> call.json(OpenApi.of(routes, settings))));
        return routes;
    }

    private void gauges(HttpMetrics metrics) {
        metrics.gauge("fovea_http_connections", "Open connections", connections::open);
        metrics.gauge("fovea_http_requests_under_way", "Requests that are not answered yet", connections::requests);
        metrics.gauge("fovea_http_decoding_waiting", "Requests that wait to be decoded", shared.decoding()::waiting);
        metrics.gauge(
                "fovea_http_work_waiting", "Requests that wait for the thread of long work", shared.work()::waiting);
        metrics.gauge("fovea_http_held_bytes", "Bodies and images of requests under way", shared.memory()::held);
    }

    private static QueuedThreadPool threads(String name) {
        var threads = new QueuedThreadPool(MOST_THREADS, 3);
        threads.setName(name);
        threads.setDaemon(true);
        return threads;
    }

    private static CompressionHandler compression(Routing next) {
        var handler = new CompressionHandler(next);
        var gzip = new GzipCompression();
        gzip.setMinCompressSize(SMALLEST_COMPRESSED);
        handler.putCompression(gzip);
        handler.putConfiguration(
                "/*",
                CompressionConfig.builder()
                        .defaults()
                        .decompressIncludeMethod("POST")
                        .decompressIncludeMethod("PUT")
                        .compressIncludeMethod("GET")
                        .compressIncludeMethod("POST")
                        .compressIncludeMethod("PUT")
                        .compressIncludeMimeType("application/json")
                        .compressIncludeMimeType("application/problem+json")
                        .compressIncludeMimeType("text/html")
                        .compressIncludeMimeType("text/css")
                        .compressIncludeMimeType("text/javascript")
                        .compressIncludeMimeType("image/svg+xml")
                        .build());
        return handler;
    }

    private ServerConnector connector(Server of, int port) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(settings.limits().headerBytes());
        http.setUriCompliance(UriCompliance.RFC3986);
        http.setIdleTimeout(settings.limits().idle().toMillis());
        var plain = new HttpConnectionFactory(http);
        ServerConnector connector;
        if (settings.tls().isPresent()) {
            // A name in the certificate that is not the one asked for is the client's to find.
            http.addCustomizer(new SecureRequestCustomizer(false));
            var tls = new SslConnectionFactory(settings.tls().get().context(), plain.getProtocol());
            connector = new ServerConnector(of, 1, 1, tls, plain);
        } else {
            connector = new ServerConnector(of, 1, 1, plain);
        }
        connector.setHost(settings.host());
        connector.setPort(port);
        connector.setIdleTimeout(Math.max(settings.limits().idle().toMillis(), Connections.KEPT.toMillis()));
        return connector;
    }

    private Server metricsServer(PrometheusRegistry registry) {
        var own = new Server(new QueuedThreadPool(4, 1));
        own.setHandler(new MetricsHandler(registry, shared, metricsConnections));
        own.setErrorHandler(new ProblemResponse(shared));
        ServerConnector connector = connector(own, settings.metricsPort());
        connector.addBean(metricsConnections);
        own.addConnector(connector);
        own.addBean(new NetworkConnectionLimit(METRICS_CONNECTIONS, connector));
        return own;
    }

    /**
     * Listens, from now on.
     *
     * @throws IllegalArgumentException if a port is taken, or the address is none of this machine
     */
    public WebServer start() {
        start(server, settings.port());
        connections.sweep(server.getScheduler());
        metricsServer.ifPresent(own -> {
            start(own, settings.metricsPort());
            metricsConnections.sweep(own.getScheduler());
        });
        return this;
    }

    private void start(Server one, int port) {
        try {
            one.start();
        } catch (IOException e) {
            close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(
                    "%s:%s: cannot be listened on (%s). Is the port taken? 0 takes any that is free"
                            .formatted(settings.host(), port, cause.getMessage()),
                    e);
        } catch (RuntimeException e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the server could not be started (%s)".formatted(e.getMessage()), e);
        }
    }

    /** Where it is reached. */
    public URI address() {
        return address(server);
    }

    /** Where its metrics are; none where they have no port. */
    public Optional<URI> metricsAddress() {
        return metricsServer.map(own -> address(own).resolve("/metrics"));
    }

    private URI address(Server one) {
        int port = ((ServerConnector) one.getConnectors()[0]).getLocalPort();
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return URI.create("%s://%s:%s".formatted(settings.tls().isPresent() ? "https" : "http", host, port));
    }

    /** The models that it serves. */
    public ServedModels models() {
        return shared.models();
    }

    /** What it offers beside them: paths, each with what is there. */
    public Map<String, String> others() {
        return Catalog.others(shared.offer());
    }

    /** Takes no more requests, answers those under way within the time there is for it, and stops. */
    @Override
    public void close() {
        stopping.set(true);
        connections.stop();
        metricsConnections.stop();
        stop(server);
        metricsServer.ifPresent(WebServer::stop);
        shared.decoding().close();
        shared.work().close();
        shared.encoding().close();
        shared.log().close();
    }

    private static void stop(Server one) {
        try {
            one.stop();
        } catch (Exception e) {
            // Requests that were not answered in time; there is nobody left to tell.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
