package dev.fovea.serve.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A few threads with a queue that ends: who comes too late is told so. */
final class BoundedThreads implements AutoCloseable {

    private final String name;
    private final ThreadPoolExecutor threads;

    /** @param name of what they do, for people */
    BoundedThreads(String name, int count, int queue) {
        this.name = name;
        var number = new AtomicInteger();
        threads = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
            var thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What {@code task} comes to; a task whose future is cancelled before its turn is not run.
     *
     * @return fails with a {@link Refusal} if the queue is full
     */
    <T> CompletableFuture<T> submit(Supplier<T> task) {
        var future = new CompletableFuture<T>();
        try {
            threads.execute(() -> {
                if (future.isDone()) {
                    return;
                }
                try {
                    future.complete(task.get());
                } catch (RuntimeException | Error e) {
                    future.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(Refusal.busy("%s requests wait for %s already. Try again soon"
                    .formatted(threads.getQueue().size(), name)));
        }
        return future;
    }

    int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
