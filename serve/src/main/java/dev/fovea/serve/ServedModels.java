package dev.fovea.serve;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The models that a server answers with. Thread-safe. */
public interface ServedModels extends AutoCloseable {

    /**
     * A version of a model, as clients ask for it.
     *
     * @param name in addresses: letters, digits, points, hyphens and underscores
     * @param version in addresses, usually a number
     * @param task its word, such as classification
     * @param ready whether it answers
     * @param failure why it does not, or why a newer one could not be loaded; empty where all is well
     */
    record Description(
            String name,
            String version,
            String task,
            List<String> classes,
            int channels,
            int height,
            int width,
            boolean ready,
            String failure) {}

    /** No model of that name or version; for clients: not found. */
    final class UnknownModelException extends RuntimeException {
        public UnknownModelException(String message) {
            super(message);
        }
    }

    /** There is no place in the queue, or the deadline cannot be met. */
    final class OverloadedException extends RuntimeException {

        private final transient Duration retryAfter;

        /** @param retryAfter when to try again */
        public OverloadedException(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The deadline of a request passed before it was answered. */
    final class DeadlineException extends RuntimeException {
        public DeadlineException(String message) {
            super(message);
        }
    }

    /** All versions of all models, by name and version. */
    List<Description> all();

    /** What answers now, with the drawing of its answers; for what is neither an image nor an answer. */
    Predictor predictor(String model, Optional<String> version);

    /**
     * Refuses at once what {@link #predict} would refuse after an image has been read and decoded for nothing.
     *
     * @param version none for the one that is served now
     * @throws UnknownModelException if there is none
     * @throws OverloadedException if the queue is full, or what waits there takes longer than until the deadline
     */
    default void admit(String model, Optional<String> version, Instant deadline) {}

    /**
     * Queues an image; it is answered in a batch with others. Cancelling what is returned frees its place.
     *
     * @param version none for the one that is served now
     * @param deadline after which nobody wants the answer
     * @throws UnknownModelException if there is none
     * @throws OverloadedException if the queue is full
     */
    CompletableFuture<Predictor.Answer> predict(String model, Optional<String> version, Image image, Instant deadline);

    /** Answers what is queued, then frees the models. */
    @Override
    void close();
}
