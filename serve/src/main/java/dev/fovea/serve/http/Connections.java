package dev.fovea.serve.http;

import java.net.InetSocketAddress;
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

    /** In which a client takes an answer, beside the time that its length needs. */
    static final Duration TAKING = Duration.ofSeconds(30);

    /** For a connection without a request once the server is to stop: a request that is on its way still gets its answer. */
    private static final long LAST_NANOS = 500_000_000L;

    /** Nanoseconds for a byte: 16 KB in a second are slower than any line. */
    private static final long NANOS_OF_BYTE = 1_000_000_000L / (16 << 10);

    /**
     * What a connection does.
     *
     * @param busy nanoseconds that its request or its answer may take; 0 where it has none
     * @param since when its time began
     * @param bytes that had come by then
     * @param silent whether nothing has come since its last request
     */
    private record State(long busy, long since, long bytes, boolean silent) {

        /** Whether it has had its time; what has begun a request has less than what is silent. */
        boolean over(long now, long idle) {
            return now - since > (busy > 0 ? busy : silent ? Math.max(idle, KEPT.toNanos()) : idle);
        }

        boolean over(long now) {
            return busy == 0 && now - since > LAST_NANOS;
        }
    }

    private final Map<Connection, State> states = new ConcurrentHashMap<>();
    private final Map<Connection, String> addresses = new ConcurrentHashMap<>();
    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();
    private final Map<String, Integer> open = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final long idleNanos;
    private final long takingNanos;
    private final long busyNanos;
    private final int perClient;
    private final int perAddress;
    private volatile boolean stopping;

    /**
     * @param idle in which a connection brings its next request
     * @param busy in which a request is answered
     * @param taking in which a client takes an answer, beside the time that its length needs
     * @param perClient requests that one address may have under way
     * @param perAddress connections that one address may have open
     */
    Connections(Duration idle, Duration busy, Duration taking, int perClient, int perAddress) {
        idleNanos = idle.toNanos();
        takingNanos = taking.toNanos();
        busyNanos = busy.plus(taking).toNanos();
        this.perClient = perClient;
        this.perAddress = perAddress;
    }

    /** Looks for connections to close, again and again. */
    void sweep(Scheduler scheduler) {
        try {
            states.keySet().forEach(this::look);
        } finally {
            scheduler.schedule(() -> sweep(scheduler), SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * From now on only what has a request under way stays open. Jetty shortens the patience of connections only once, when it begins
     * to stop: a request that ends at that moment sets it back to that of a connection that is kept.
     */
    void stop() {
        stopping = true;
    }

    private void look(Connection connection) {
        try {
            long now = System.nanoTime();
            State state = states.computeIfPresent(connection, (key, was) -> begun(was, connection.getBytesIn(), now));
            if (state != null && (state.over(now, idleNanos) || stopping && state.over(now))) {
                onClosed(connection);
                connection.getEndPoint().close();
            }
        } catch (RuntimeException | Error e) {
            onClosed(connection); // it is of no more use; the others are looked at all the same
        }
    }

    /** A connection that was silent and begins a request has its time from now on. */
    private static State begun(State was, long bytes, long now) {
        return was.busy() == 0 && was.silent() && bytes != was.bytes() ? new State(0, now, bytes, false) : was;
    }

    int open() {
        return states.size();
    }

    int requests() {
        return requests.get();
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection) { // that of HTTP above it is the one
            return;
        }
        states.put(connection, new State(0, System.nanoTime(), 0, false));
        String address = address(connection);
        addresses.put(connection, address);
        if (open.merge(address, 1, Integer::sum) > perAddress) {
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        states.remove(connection);
        String address = addresses.remove(connection);
        if (address != null) {
            open.computeIfPresent(address, (key, count) -> count <= 1 ? null : count - 1);
        }
    }

    private static String address(Connection connection) {
        return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? String.valueOf(address.getAddress())
                : "";
    }

    /** Counts a request until it is completed. */
    void begin(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        states.computeIfPresent(connection, (key, was) -> new State(busyNanos, System.nanoTime(), 0, false));
        requests.incrementAndGet();
        Request.addCompletionListener(request, failure -> {
            requests.decrementAndGet();
            states.computeIfPresent(
                    connection, (key, was) -> new State(0, System.nanoTime(), connection.getBytesIn(), true));
        });
    }

    /**
     * Counts a request among those of its client until it is completed.
     *
     * @throws Refusal if there are too many
     */
    void admit(Request request) {
        String client = String.valueOf(Request.getRemoteAddr(request));
        int own = underWay.merge(client, 1, Integer::sum);
        Request.addCompletionListener(
                request, failure -> underWay.computeIfPresent(client, (key, count) -> count <= 1 ? null : count - 1));
        if (own > perClient) {
            throw Refusal.tooMany(
                    "%s requests of this client are under way, more than the %s allowed".formatted(own, perClient));
        }
    }

    /** From now on the client has its time to take an answer of that length. */
    void answering(Request request, long bytes) {
        allow(request, takingNanos + bytes * NANOS_OF_BYTE);
    }

    /** From now on the client has its time to send a body of that length, and to get its answer; returns that time. */
    Duration receiving(Request request, long bytes) {
        long time = takingNanos + bytes * NANOS_OF_BYTE;
        allow(request, time + busyNanos);
        return Duration.ofNanos(time);
    }

    /** From now on the client may take as long as it likes: whoever writes finds out that it is gone. */
    void endless(Request request) {
        allow(request, Long.MAX_VALUE);
    }

    private void allow(Request request, long nanos) {
        states.computeIfPresent(
                request.getConnectionMetaData().getConnection(),
                (key, was) -> new State(nanos, System.nanoTime(), 0, false));
    }
}
