package dev.fovea.serve.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Size;
import dev.fovea.run.Predictor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatchQueueTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private static Request request(int width) {
        long now = System.nanoTime();
        return new Request(
                new Predictor.Prepared(GatedPredictor.image(0, width), new Size(4, width)),
                now,
                now + LONG.toNanos(),
                new CompletableFuture<>());
    }

    private static BatchQueue queue(int size, Duration delay, int queue) {
        return new BatchQueue(new Batching(size, delay, queue, 1));
    }

    private static List<Request> offered(BatchQueue queue, int... widths) {
        return IntStream.of(widths)
                .mapToObj(width -> {
                    Request request = request(width);
                    assertThat(queue.offer(request)).isEqualTo(BatchQueue.Offered.QUEUED);
                    return request;
                })
                .toList();
    }

    @Test
    void oneThatIsAloneIsNotHeldUp() throws InterruptedException {
        BatchQueue queue = queue(8, LONG, 8);
        List<Request> all = offered(queue, 4);
        assertThat(queue.take()).isEqualTo(all);
    }

    @Test
    void aFullBatchIsNotHeldUp() throws InterruptedException {
        BatchQueue queue = queue(3, LONG, 8);
        List<Request> all = offered(queue, 4, 4, 4, 4);
        assertThat(queue.take()).isEqualTo(all.subList(0, 3));
        assertThat(queue.take()).isEqualTo(all.subList(3, 4));
    }

    @Test
    void severalWaitForMoreUntilNoneComes() throws InterruptedException {
        BatchQueue queue = queue(8, Duration.ofMillis(800), 8);
        List<Request> all = offered(queue, 4, 4);
        assertThat(queue.take()).isEqualTo(all);
        assertThat(System.nanoTime() - all.get(1).arrival()).isBetween(99_000_000L, 700_000_000L);
    }

    @Test
    void theOldestWaitsNoLongerThanItsDelayHoweverManyCome() throws InterruptedException {
        BatchQueue queue = queue(1000, Duration.ofMillis(200), 1000);
        Request oldest = offered(queue, 4, 4).get(0);
        var more = new Thread(() -> {
            while (queue.offer(request(4)) == BatchQueue.Offered.QUEUED) {
                LockSupport.parkNanos(2_000_000);
            }
        });
        more.start();
        try {
            assertThat(queue.take()).contains(oldest).hasSizeGreaterThan(2);
            assertThat(System.nanoTime() - oldest.arrival()).isGreaterThanOrEqualTo(190_000_000L);
        } finally {
            queue.close();
            more.join();
        }
    }

    @Test
    void imagesOfDifferentSizesAreInDifferentBatches() throws InterruptedException {
        BatchQueue queue = queue(8, Duration.ZERO, 8);
        List<Request> all = offered(queue, 4, 6, 4, 6, 6);
        assertThat(queue.take()).isEqualTo(List.of(all.get(0), all.get(2)));
        assertThat(queue.take()).isEqualTo(List.of(all.get(1), all.get(3), all.get(4)));
    }

    @Test
    void refusesMoreThanItsBound() {
        BatchQueue queue = queue(8, LONG, 2);
        List<Request> all = offered(queue, 4, 4);
        assertThat(queue.offer(request(4))).isEqualTo(BatchQueue.Offered.FULL);
        queue.remove(all.get(0));
        assertThat(queue.offer(request(4))).isEqualTo(BatchQueue.Offered.QUEUED);
    }

    @Test
    void givesOutWhatIsLeftWhenItIsClosed() throws InterruptedException {
        BatchQueue queue = queue(8, LONG, 8);
        List<Request> all = offered(queue, 4, 4);
        queue.close();
        assertThat(queue.offer(request(4))).isEqualTo(BatchQueue.Offered.CLOSED);
        assertThat(queue.take()).isEqualTo(all);
        assertThat(queue.take()).isEmpty();
    }
}
