package dev.fovea.serve.studio.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Guard;
import dev.fovea.serve.http.RawConnection;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.WebServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.junit.jupiter.api.Test;

class ModelThreadsTest {

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

    private final ModelThreads threads = new ModelThreads();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    private WebServer server(ModelThreads.Work work) {
        Route route = Route.post("/try", "Events", call -> {
            calls.add(call);
            call.object().thenAccept(body -> threads.stream(call, work));
        });
        return new WebServer(Settings.local(), ANYBODY, List.of(route), line -> {}).start();
    }

    private static RawConnection asking(WebServer server) throws Exception {
        var connection = new RawConnection(server.address());
        connection.send("POST /try HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
        return connection;
    }

    @Test
    void whoWaitsForItsTurnIsToldSoAndIsNotServedOnceItHasLeft() throws Exception {
        var go = new CountDownLatch(1);
        var begun = new CopyOnWriteArrayList<Thread>();
        try (threads;
                var server = server(sink -> {
                    begun.add(Thread.currentThread());
                    sink.send("begin", Map.of());
                    await(go);
                    sink.send("outcome", Map.of());
                });
                var first = asking(server);
                var second = asking(server)) {
            first.until("event: begin");
            second.until("event: begin");
            try (var leaves = asking(server)) {
                leaves.until("event: waiting");
            }
            try (var waits = asking(server)) {
                waits.until("event: waiting");
                while (!calls.get(2).gone()) { // that the other has left is seen soon
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                go.countDown();
                waits.until("event: outcome");
            }
            first.until("event: outcome");
            assertThat(begun).hasSize(3);
        }
    }

    @Test
    void workEndsOnceThePageHasStoppedIt() throws Exception {
        var ended = new CompletableFuture<RuntimeException>();
        try (threads;
                var server = server(sink -> {
                    sink.send("begin", Map.of());
                    try {
                        while (true) {
                            sink.checkWanted(); // says nothing until it has its answer
                            TimeUnit.MILLISECONDS.sleep(5);
                        }
                    } catch (CancellationException e) {
                        ended.complete(e);
                        throw e;
                    } catch (InterruptedException e) {
                        ended.completeExceptionally(e);
                    }
                })) {
            try (var stops = asking(server)) {
                stops.until("event: begin");
            }
            assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessage("nobody waits for this any more");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
