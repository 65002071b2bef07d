package dev.fovea.serve.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The connections of a server and how many requests each client has under way. A connection that brings no whole request in
 * its time is closed, however many bytes it drips: timeouts that start anew with every byte never end.
 */
final class Connections implements Connection.Listener {

    private static final long SWEEP_MILLIS = 500;

    /** When a connection last had a request; {@link Long#MAX_VALUE} while it has one. */
    private final Map<Connection, Long> idleSince = new ConcurrentHashMap<>();

    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final long idleNanos;
    private final int perClient;

    Connections(Duration idle, int perClient) {
        idleNanos = idle.toNanos();
        this.perClient = perClient;
    }

    /** Looks for connections to close, again and again. */
    void sweep(Scheduler scheduler) {
        long now = System.nanoTime();
        idleSince.forEach((connection, since) -> {
            if (since != Long.MAX_VALUE && now - since > idleNanos) {
                idleSince.remove(connection);
                connection.getEndPoint().close();
            }
        });
        scheduler.schedule(() -> sweep(scheduler), SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    int open() {
        return idleSince.size();
    }

    int requests() {
        return requests.get();
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) { // that of HTTP above it is the one
            idleSince.put(connection, System.nanoTime());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        idleSince.remove(connection);
    }

    /**
     * Counts a request until it is completed.
     *
     * @throws Refusal if its client has too many under way
     */
    void begin(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        String client = String.valueOf(Request.getRemoteAddr(request));
        idleSince.computeIfPresent(connection, (key, since) -> Long.MAX_VALUE);
        requests.incrementAndGet();
        int own = underWay.merge(client, 1, Integer::sum);
        Request.addCompletionListener(request, failure -> {
            requests.decrementAndGet();
            underWay.computeIfPresent(client, (key, count) -> count <= 1 ? null : count - 1);
            idleSince.computeIfPresent(connection, (key, since) -> System.nanoTime());
        });
        if (own > perClient) {
            throw Refusal.tooMany(
                    "%s requests of this client are under way, more than the %s allowed".formatted(own, perClient));
        }
    }
}
