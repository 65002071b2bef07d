package dev.fovea.serve.pool;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ExampleAnswer;
import dev.fovea.serve.ServedModels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/** A version of a model that is loaded and warmed up, with its queue and its workers. */
final class ServedVersion {

    private static final Duration LEAST_RETRY = Duration.ofMillis(100);

    private final String name;
    private final String version;
    private final LoadedModel model;
    private final BatchQueue queue;
    private final int most;
    private final ServiceTime time;
    private final VersionMetrics metrics;
    private final List<BatchWorker> workers;
    private final List<Thread> threads;
    private final Map<String, Object> example;
    private final Set<Request> open = ConcurrentHashMap.newKeySet();

    private ServedVersion(
            String name, String version, LoadedModel model, Batching batching, PoolMetrics all, Executor answers) {
        this.name = name;
        this.version = version;
        this.model = model;
        metrics = all.of(name, version);
        queue = new BatchQueue(batching);
        most = batching.queue();
        time = WarmUp.of(model, batching.size());
        example = model.images() ? ExampleAnswer.of(model.predictor(), model.height(), model.width()) : Map.of();
        workers = IntStream.range(0, batching.workers())
                .mapToObj(i -> new BatchWorker(queue, model.predictor(), time, metrics, answers))
                .toList();
        threads = workers.stream()
                .map(worker -> new Thread(worker, "model " + name + " " + version))
                .toList();
    }

    /**
     * Warms a model up and begins to serve it.
     *
     * @throws RuntimeException if it cannot answer about a blank image
     */
    static ServedVersion start(
            String name, String version, LoadedModel model, Batching batching, PoolMetrics all, Executor answers) {
        var served = new ServedVersion(name, version, model, batching, all, answers);
        served.threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
        return served;
    }

    String version() {
        return version;
    }

    LoadedModel model() {
        return model;
    }

    /** The values of an answer. */
    Map<String, Object> example() {
        return example;
    }

    int queued() {
        return queue.length();
    }

    /**
     * Queues an image.
     *
     * @param deadline by {@link System#nanoTime}
     * @throws ServedModels.RetiredException if another version is to be asked
     * @throws ServedModels.OverloadedException if there is no place, or the deadline cannot be met
     * @throws IllegalArgumentException if this model answers nothing about an image
     */
    CompletableFuture<Predictor.Answer> predict(Image image, long deadline) {
        if (!model.images()) {
            return CompletableFuture.completedFuture(model.predictor().predict(image));
        }
        if (deadline - System.nanoTime() <= 0) {
            metrics.expired();
            return CompletableFuture.failedFuture(new ServedModels.DeadlineException(
                    "%s: the deadline had passed when the request came".formatted(name)));
        }
        admit(deadline);
        Predictor.Prepared prepared = model.predictor().prepare(image);
        var request = new Request(prepared, System.nanoTime(), deadline, new CompletableFuture<>());
        open.add(request);
        switch (queue.offer(request)) {
            case QUEUED -> request.answer().whenComplete((answer, failure) -> finished(request, failure));
            case FULL -> {
                open.remove(request);
                throw full();
            }
            case CLOSED -> {
                open.remove(request);
                throw new ServedModels.RetiredException();
            }
        }
        return request.answer();
    }

    /**
     * Refuses at once what would be refused, or would come too late, after the work of preparing it.
     *
     * @throws ServedModels.OverloadedException if there is no place, or the deadline cannot be met
     */
    void admit(long deadline) {
        int waiting = queue.length();
        if (waiting >= most) {
            throw full();
        }
        double wait = seconds(waiting + 1);
        double left = (deadline - System.nanoTime()) / 1e9;
        if (waiting > 0
                && wait > left) { // what is said of an empty queue is never wrong for long: the next request is seen
            metrics.refused("deadline");
            throw new ServedModels.OverloadedException(
                    "%s: %s requests wait, an answer would take about %s ms and is wanted in %s ms. Try again later, or allow more time"
                            .formatted(name, waiting, Math.round(1000 * wait), Math.round(1000 * Math.max(0, left))),
                    retry(wait - left));
        }
    }

    private ServedModels.OverloadedException full() {
        metrics.refused("queue-full");
        int waiting = queue.length();
        return new ServedModels.OverloadedException(
                "%s: %s requests wait already, which is the most. Try again later".formatted(name, waiting),
                retry(seconds(waiting) / 2));
    }

    private static Duration retry(double seconds) {
        Duration wanted = Duration.ofMillis(Math.round(1000 * seconds));
        return wanted.compareTo(LEAST_RETRY) < 0 ? LEAST_RETRY : wanted;
    }

    /** Seconds until so many queued images are answered, after what is computed now. */
    private double seconds(int images) {
        int busy = workers.stream().mapToInt(BatchWorker::computing).max().orElse(0);
        return (busy == 0 ? 0 : time.batch(busy)) + time.queue(images) / workers.size();
    }

    private void finished(Request request, Throwable failure) {
        open.remove(request);
        if (failure instanceof CancellationException || failure instanceof ServedModels.DeadlineException) {
            queue.remove(request);
        }
        metrics.finished(request, failure);
    }

    /** Answers that their deadline has passed to all whose deadline has. */
    void expire() {
        long now = System.nanoTime();
        for (Request request : open) {
            if (request.expired(now)) {
                request.answer()
                        .completeExceptionally(new ServedModels.DeadlineException(
                                "%s: the deadline passed before the answer was there".formatted(name)));
            }
        }
    }

    /** Takes no more requests; what is queued is answered. */
    void retire() {
        queue.close();
    }

    /** Whether it is retired and all has been answered. */
    boolean ended() {
        return threads.stream().noneMatch(Thread::isAlive) && open.isEmpty();
    }

    /** Gives all that still wait to {@code failure}. */
    void abandon(RuntimeException failure) {
        open.forEach(request -> request.answer().completeExceptionally(failure));
    }
}
