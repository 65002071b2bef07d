package dev.fovea.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class BoundedThreadsTest {

    private static CompletableFuture<String> held(BoundedThreads threads, CountDownLatch go) {
        return threads.submit(() -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "through";
        });
    }

    @Test
    void whatIsQuickDoesNotWaitForThreadsThatAreHeldUp() throws Exception {
        var go = new CountDownLatch(1);
        try (var threads = new BoundedThreads("reading", 2, 6, 64)) {
            List<CompletableFuture<String>> slow = new ArrayList<>();
            for (int i = 0; i < 5; i++) { // two hold up both threads; the others would, too
                slow.add(held(threads, go));
            }
            CompletableFuture<String> quick = threads.submit(() -> "quick");
            assertThat(quick.get(30, TimeUnit.SECONDS)).isEqualTo("quick");
            assertThat(slow).noneMatch(CompletableFuture::isDone);
            go.countDown();
            for (CompletableFuture<String> one : slow) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo("through");
            }
        }
    }

    @Test
    void thereAreNoMoreThreadsThanAllowed() throws Exception {
        var go = new CountDownLatch(1);
        try (var threads = new BoundedThreads("reading", 1, 2, 64)) {
            held(threads, go);
            held(threads, go);
            CompletableFuture<String> quick = threads.submit(() -> "quick");
            assertThatThrownBy(() -> quick.get(3, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            go.countDown();
            assertThat(quick.get(30, TimeUnit.SECONDS)).isEqualTo("quick");
        }
    }

    @Test
    void whoComesTooLateIsToldSo() {
        var go = new CountDownLatch(1);
        try (var threads = new BoundedThreads("reading", 1, 1)) {
            held(threads, go);
            held(threads, go);
            assertThatThrownBy(threads.submit(() -> "late")::join)
                    .hasRootCauseMessage("1 requests wait for reading already. Try again soon");
            go.countDown();
        }
    }
}
