package dev.fovea.serve.pool;

import dev.fovea.run.Predictor;
import java.util.concurrent.CompletableFuture;

/**
 * An image that waits for its answer.
 *
 * @param arrival by {@link System#nanoTime}
 * @param deadline by the same clock
 */
record Request(Predictor.Prepared image, long arrival, long deadline, CompletableFuture<Predictor.Answer> answer) {

    boolean expired(long now) {
        return deadline - now < 0;
    }

    /** Whether both can be in one batch. */
    boolean alike(Request other) {
        return image.seen().size().equals(other.image.seen().size());
    }

    // Each is itself: a queue is searched for one of them often.

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
