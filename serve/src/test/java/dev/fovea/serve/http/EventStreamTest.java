package dev.fovea.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    private static final Guard ANYBODY = new Guard() {
        @Override
        public void addHeaders(Response response) {
            // none
        }

        @Override
        public void check(Request request, Response response) {
            // everybody may
        }
    };

    /** More than the buffers of a connection take. */
    private static final String MUCH = "x".repeat(1 << 20);

    private static WebServer server(Consumer<Call> handler) {
        Settings settings = Settings.local().withTimes(Duration.ofSeconds(2), Duration.ofSeconds(1));
        return new WebServer(
                        settings,
                        ANYBODY,
                        List.of(
                                Route.post("/stream", "Events", handler),
                                Route.get("/after", "Something else", call -> call.json("here"))),
                        line -> {})
                .start();
    }

    private static RawConnection asking(WebServer server) throws Exception {
        var connection = new RawConnection(server.address());
        connection.send("POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
        return connection;
    }

    private static EndPoint endPoint(Call call) {
        return call.request().getConnectionMetaData().getConnection().getEndPoint();
    }

    private static void until(BooleanSupplier seen) throws InterruptedException {
        for (int i = 0; !seen.getAsBoolean(); i++) {
            assertThat(i).as("waited long enough").isLessThan(400);
            TimeUnit.MILLISECONDS.sleep(25);
        }
    }

    @Test
    void aClientThatStopsReadingHoldsUpNobody() throws Exception {
        var left = new CompletableFuture<Throwable>();
        var endPoint = new AtomicReference<EndPoint>();
        try (var server = server(call -> new Thread(() -> {
                            endPoint.set(endPoint(call));
                            EventStream events = call.endlessEvents().orElseThrow();
                            try {
                                while (!left.isDone()) {
                                    if (events.hasRoom()) {
                                        events.send("step", MUCH);
                                    }
                                    Thread.sleep(1);
                                }
                            } catch (CompletionException e) {
                                left.complete(e.getCause());
                            } catch (InterruptedException e) {
                                left.completeExceptionally(e);
                            }
                        })
                        .start());
                var reads = asking(server)) {
            assertThat(left.get(30, TimeUnit.SECONDS)).hasMessage("the client takes nothing");
            until(() -> !endPoint.get().isOpen());
        } finally {
            left.cancel(true);
        }
    }

    @Test
    void whatHasEndedDoesNotWaitForAClientForEver() throws Exception {
        var completed = new CompletableFuture<Throwable>();
        var endPoint = new AtomicReference<EndPoint>();
        try (var server = server(call -> {
                    endPoint.set(endPoint(call));
                    Request.addCompletionListener(call.request(), completed::complete);
                    EventStream events = call.endlessEvents().orElseThrow();
                    for (int i = 0; i < 12; i++) {
                        events.send("image", MUCH);
                    }
                    events.end();
                });
                var reads = asking(server)) {
            assertThat(completed.get(30, TimeUnit.SECONDS)).hasMessage("the client takes nothing");
            until(() -> !endPoint.get().isOpen());
        }
    }

    @Test
    void aClientThatLeavesIsNoticedBeforeAnythingMoreIsSent() throws Exception {
        var asked = new CompletableFuture<Call>();
        try (var server = server(call -> call.object().thenAccept(body -> {
            call.endlessEvents().orElseThrow().send("begin", "{}");
            asked.complete(call);
        }))) {
            try (var reads = asking(server)) {
                reads.until("event: begin");
                assertThat(asked.get(10, TimeUnit.SECONDS).gone()).isFalse();
            }
            until(asked.get()::gone);
        }
    }

    @Test
    void theConnectionOfAStreamThatHasEndedServesTheNextRequest() throws Exception {
        try (var server = server(call -> call.object().thenAccept(body -> {
                    EventStream events = call.endlessEvents().orElseThrow();
                    events.send("end", "{}");
                    events.end();
                }));
                var reads = asking(server)) {
            assertThat(reads.until("0\r\n\r\n")).contains("event: end");
            reads.send("GET /after HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(reads.until("here")).contains("200 OK");
        }
    }
}
