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

    /** For a connection that has had a request: proxies and clients keep theirs for a minute. */
    static final Duration KEPT = Duration.ofSeconds(75);

    private static final long SWEEP_MILLIS = 500;

    /**
     * What a connection does.
     *
     * @param busy with a request
     * @param since when its time began
     * @param bytes that had come by then
     * @param silent whether nothing has come since its last request
     */
    private record State(boolean busy, long since, long bytes, boolean silent) {

        /** Whether it has had its time for the next request; what has begun one has less than what is silent. */
        boolean over(long now, long idle) {
            return !busy && now - since > (silent ? Math.max(idle, KEPT.toNanos()) : idle);
        }
    }

    private final Map<Connection, State> states = new ConcurrentHashMap<>();
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
        for (Connection connection : states.keySet()) {
            State state = states.computeIfPresent(connection, (key, was) -> begun(was, connection.getBytesIn(), now));
            if (state != null && state.over(now, idleNanos)) {
                states.remove(connection);
                connection.getEndPoint().close();
            }
        }
        scheduler.schedule(() -> sweep(scheduler), SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A connection that was silent and begins a request has its time from now on. */
    private static State begun(State was, long bytes, long now) {
        return !was.busy() && was.silent() && bytes != was.bytes() ? new State(false, now, bytes, false) : was;
    }

    int open() {
        return states.size();
    }

    int requests() {
        return requests.get();
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) { // that of HTTP above it is the one
            states.put(connection, new State(false, System.nanoTime(), 0, false));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        states.remove(connection);
    }

    /**
     * Counts a request until it is completed.
     *
     * @throws Refusal if its client has too many under way
     */
    void begin(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        String client = String.valueOf(Request.getRemoteAddr(request));
        states.computeIfPresent(connection, (key, was) -> new State(true, 0, 0, false));
        requests.incrementAndGet();
        int own = underWay.merge(client, 1, Integer::sum);
        Request.addCompletionListener(request, failure -> {
            requests.decrementAndGet();
            underWay.computeIfPresent(client, (key, count) -> count <= 1 ? null : count - 1);
            states.computeIfPresent(
                    connection, (key, was) -> new State(false, System.nanoTime(), connection.getBytesIn(), true));
        });
        if (own > perClient) {
            throw Refusal.tooMany(
                    "%s requests of this client are under way, more than the %s allowed".formatted(own, perClient));
        }
    }
}
