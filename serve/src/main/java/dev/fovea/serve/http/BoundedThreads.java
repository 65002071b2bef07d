package dev.fovea.serve.http;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A few threads with a queue that ends: who comes too late is told so. Where more threads are allowed, one that is held up, as by a disk or
 * by the opening of large data, has another one in its place until it is through: what is quick does not wait for it.
 */
final class BoundedThreads implements AutoCloseable {

    /** After which a thread counts as held up. */
    private static final long HELD_UP_MILLIS = 1000;

    private final String name;
    private final int count;
    private final int most;
    private final ThreadPoolExecutor threads;

    /** When each task that is worked on was begun. */
    private final Map<Object, Long> begun = new ConcurrentHashMap<>();

    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param name of what they do, for people */
    BoundedThreads(String name, int count, int queue) {
        this(name, count, count, queue);
    }

    /** @param most threads, those that are held up among them */
    BoundedThreads(String name, int count, int most, int queue) {
        this.name = name;
        this.count = count;
        this.most = most;
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
                begun.put(future, System.nanoTime());
                try {
                    future.complete(task.get());
                } catch (RuntimeException | Error e) {
                    future.completeExceptionally(e);
                } finally {
                    begun.remove(future);
                    if (threads.getCorePoolSize() > count) {
                        replaceHeldUp();
                    }
                }
            });
            lookLater();
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(Refusal.busy("%s requests wait for %s already. Try again soon"
                    .formatted(threads.getQueue().size(), name)));
        }
        return future;
    }

    /** Once for all that wait: whether they wait for threads that are held up. */
    private void lookLater() {
        if (most > count && !threads.getQueue().isEmpty() && looking.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(HELD_UP_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        looking.set(false);
                        replaceHeldUp();
                        lookLater();
                    });
        }
    }

    private synchronized void replaceHeldUp() {
        long since = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(HELD_UP_MILLIS);
        long heldUp = begun.values().stream().filter(one -> one - since < 0).count();
        int now = (int) Math.min(most, count + heldUp);
        if (now > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(now);
            threads.setCorePoolSize(now);
        } else {
            threads.setCorePoolSize(now);
            threads.setMaximumPoolSize(now);
        }
    }

    int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
