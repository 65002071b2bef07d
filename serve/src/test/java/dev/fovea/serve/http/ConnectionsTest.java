package dev.fovea.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private final AtomicInteger scheduled = new AtomicInteger();
    private final Scheduler scheduler = fake(Scheduler.class, Map.of("schedule", () -> {
        scheduled.incrementAndGet();
        return null;
    }));

    /** An object that answers what it is told, and null to the rest. */
    private static <T> T fake(Class<T> type, Map<String, Supplier<Object>> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    case "toString" -> type.getSimpleName();
                    default ->
                        answers.getOrDefault(method.getName(), () -> null).get();
                }));
    }

    private static Connection connection(AtomicBoolean closed, Supplier<Object> bytesIn) {
        EndPoint endPoint = fake(EndPoint.class, Map.of("close", () -> {
            closed.set(true);
            return null;
        }));
        return fake(Connection.class, Map.of("getBytesIn", bytesIn, "getEndPoint", () -> endPoint));
    }

    private static Connections connections(Duration idle, Duration taking, int perAddress) {
        return new Connections(idle, Duration.ofSeconds(30), taking, 10, perAddress);
    }

    @Test
    void oneConnectionThatFailsDoesNotEndTheSweep() {
        Connections connections = connections(Duration.ZERO, Connections.TAKING, 10);
        var closed = new AtomicBoolean();
        connections.onOpened(connection(new AtomicBoolean(), () -> {
            throw new NoClassDefFoundError("of a connection");
        }));
        connections.onOpened(connection(closed, () -> 0L));
        connections.sweep(scheduler);
        assertThat(closed).isTrue();
        assertThat(scheduled.get()).isEqualTo(1);
        assertThat(connections.open()).isZero();
    }

    @Test
    void whoDoesNotTakeItsAnswerIsClosed() {
        Connections connections = connections(Duration.ofSeconds(20), Duration.ofNanos(1), 10);
        var slow = new AtomicBoolean();
        var large = new AtomicBoolean();
        Connection small = connection(slow, () -> 0L);
        Connection other = connection(large, () -> 0L);
        connections.onOpened(small);
        connections.onOpened(other);
        connections.answering(request(small), 0);
        connections.answering(request(other), 10 << 20);
        connections.sweep(scheduler);
        assertThat(slow).isTrue();
        assertThat(large).as("a large answer takes its time").isFalse();
    }

    private static Request request(Connection connection) {
        ConnectionMetaData of = fake(ConnectionMetaData.class, Map.of("getConnection", () -> connection));
        return fake(Request.class, Map.of("getConnectionMetaData", () -> of));
    }

    @Test
    void oneAddressHasOnlySoManyConnections() {
        Connections connections = connections(Duration.ofSeconds(20), Connections.TAKING, 1);
        var first = new AtomicBoolean();
        var second = new AtomicBoolean();
        Connection one = connection(first, () -> 0L);
        Connection two = connection(second, () -> 0L);
        connections.onOpened(one);
        connections.onOpened(two);
        assertThat(first).isFalse();
        assertThat(second).isTrue();
        connections.onClosed(one);
        connections.onClosed(two);
        var third = new AtomicBoolean();
        connections.onOpened(connection(third, () -> 0L));
        assertThat(third).isFalse();
    }
}
