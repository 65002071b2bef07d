package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.engine.Engine;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Predictions about many images. Each thread reads some, brings them to the network's size and predicts them at once, on a core
 * of its own, so that no thread waits for another; what comes of them is taken in their order. However many images there are, few
 * are in memory at a time.
 */
public final class BulkPrediction implements AutoCloseable {

    /** Batches that are begun, for each thread, before the first is asked for. */
    private static final int AHEAD = 3;

    /** The images, by number. */
    public interface Images {

        int count();

        /** @throws ImageException if it cannot be read, which may not be known before */
        Image image(int index);
    }

    /**
     * What came of an image.
     *
     * @param answer none about one that cannot be read, or that the network cannot answer about
     * @param failure why there is none: an {@link ImageException}, a {@link DataException} or another
     *     {@link IllegalArgumentException}
     */
    public record Outcome(int index, Optional<Predictor.Answer> answer, Optional<RuntimeException> failure) {}

    private final Predictor predictor;
    private final Images images;
    private final int batch;
    private final int most;
    private final ExecutorService workers;
    private final Deque<Future<List<Outcome>>> begun = new ArrayDeque<>();
    private int next;

    /**
     * Begins with the first at once.
     *
     * @param from the first image that is asked about
     * @param batch images that the network is shown at once, at least 1; of few images each thread takes fewer
     * @param threads at least 1
     */
    public BulkPrediction(Predictor predictor, Images images, int from, int batch, int threads) {
        if (batch < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "prediction: batch and threads must be at least 1, got %s and %s".formatted(batch, threads));
        }
        this.predictor = predictor;
        this.images = images;
        this.batch = Math.max(1, Math.min(batch, (images.count() - from + threads - 1) / threads));
        most = AHEAD * threads;
        next = from;
        workers = Executors.newFixedThreadPool(threads, work -> worker(work, threads > 1));
    }

    private static Thread worker(Runnable work, boolean alone) {
        var thread = new Thread(
                () -> {
                    if (alone) {
                        Engine.setOwnThreads(1);
                    }
                    work.run();
                },
                "predict");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * What came of the next images, in their order; none at the end.
     *
     * @throws IllegalArgumentException if the model is broken, so that its answers are no numbers
     */
    public List<Outcome> next() {
        fill();
        if (begun.isEmpty()) {
            return List.of();
        }
        List<Outcome> outcomes = result(begun.removeFirst());
        fill();
        return outcomes;
    }

    /** Tells {@code each} what came of every image that has not been taken yet, in their order. */
    public void forEach(Consumer<Outcome> each) {
        for (List<Outcome> some = next(); !some.isEmpty(); some = next()) {
            some.forEach(each);
        }
    }

    private void fill() {
        while (begun.size() < most && next < images.count()) {
            int from = next;
            next = Math.min(images.count(), from + batch);
            int to = next;
            begun.addLast(workers.submit(() -> outcomes(from, to)));
        }
    }

    private static List<Outcome> result(Future<List<Outcome>> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while images were predicted", e);
        }
    }

    private List<Outcome> outcomes(int from, int to) {
        var prepared = new ArrayList<Predictor.Prepared>();
        var failures = new ArrayList<Optional<RuntimeException>>();
        for (int i = from; i < to; i++) {
            try {
                prepared.add(predictor.prepare(images.image(i)));
                failures.add(Optional.empty());
            } catch (IllegalArgumentException e) {
                failures.add(Optional.of(e));
            }
        }
        var answers = answers(prepared).iterator();
        var outcomes = new ArrayList<Outcome>();
        for (int i = from; i < to; i++) {
            Optional<RuntimeException> failure = failures.get(i - from);
            outcomes.add(
                    failure.isPresent()
                            ? new Outcome(i, Optional.empty(), failure)
                            : answers.next().at(i));
        }
        return outcomes;
    }

    /** What the network says about an image, or why it cannot. */
    private record Said(Optional<Predictor.Answer> answer, Optional<RuntimeException> failure) {

        Outcome at(int index) {
            return new Outcome(index, answer, failure);
        }
    }

    /** One image that the network cannot answer about fails no other; where it can about none of several, it is broken. */
    private List<Said> answers(List<Predictor.Prepared> prepared) {
        try {
            return prepared.isEmpty()
                    ? List.of()
                    : predictor.predictPrepared(prepared).stream()
                            .map(answer -> new Said(Optional.of(answer), Optional.empty()))
                            .toList();
        } catch (IllegalArgumentException e) {
            List<Said> alone = prepared.stream().map(this::alone).toList();
            if (prepared.size() > 1
                    && alone.stream().allMatch(one -> one.answer().isEmpty())) {
                throw e;
            }
            return alone;
        }
    }

    private Said alone(Predictor.Prepared image) {
        try {
            return new Said(
                    Optional.of(predictor.predictPrepared(List.of(image)).get(0)), Optional.empty());
        } catch (IllegalArgumentException e) {
            return new Said(Optional.empty(), Optional.of(e));
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
