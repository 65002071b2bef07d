package dev.fovea.run.job;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.image.ImageException;
import dev.fovea.run.Predictor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The images of data in their order, read and prepared by several threads some way ahead of who takes them. */
final class PreparedImages implements AutoCloseable {

    /**
     * An image, or why there is none.
     *
     * @param error empty where there is one
     */
    record One(int index, Optional<Predictor.Prepared> image, String error) {}

    private final Dataset data;
    private final Predictor predictor;
    private final int ahead;
    private final ExecutorService threads;
    private final Deque<Future<One>> begun = new ArrayDeque<>();
    private int next;

    /**
     * @param from the first image
     * @param ahead the most images that are held
     */
    PreparedImages(Dataset data, Predictor predictor, int from, int ahead, int count) {
        this.data = data;
        this.predictor = predictor;
        this.ahead = ahead;
        next = from;
        threads = Executors.newFixedThreadPool(count, work -> {
            var thread = new Thread(work, "images");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The next images, at most so many; none at the end. */
    List<One> take(int most) {
        fill();
        var images = new ArrayList<One>();
        while (images.size() < most && !begun.isEmpty()) {
            images.add(result(begun.removeFirst()));
            fill();
        }
        return images;
    }

    private void fill() {
        while (begun.size() < ahead && next < data.size()) {
            int index = next++;
            begun.addLast(threads.submit(() -> one(index)));
        }
    }

    private One one(int index) {
        try {
            return new One(index, Optional.of(predictor.prepare(data.image(index))), "");
        } catch (ImageException | DataException e) {
            return new One(index, Optional.empty(), e.getMessage());
        }
    }

    private static One result(Future<One> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while images were read", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
