package dev.fovea.serve;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

    /** A version that was chosen is served no more: another one is to be chosen. */
    final class RetiredException extends RuntimeException {
        public RetiredException() {
            super("this version is not served any more");
        }
    }

    /** A version of a model, chosen for one request: it answers about all its images, and draws its answers. */
    interface Chosen {

        String version();

        /** With the drawing of its answers; for what is neither an image nor an answer. */
        Predictor predictor();

        /** The values of an answer that has all parts that an answer can have; empty where there are none for an image. */
        Map<String, Object> example();

        /**
         * Refuses at once what {@link #predict} would refuse after an image has been read and decoded for nothing.
         *
         * @throws OverloadedException if the queue is full, or what waits there takes longer than until the deadline
         */
        default void admit(Instant deadline) {}

        /**
         * Queues an image; it is answered in a batch with others. Cancelling what is returned frees its place.
         *
         * @param deadline after which nobody wants the answer
         * @throws OverloadedException if the queue is full
         * @throws RetiredException if it is served no more
         */
        CompletableFuture<Predictor.Answer> predict(Image image, Instant deadline);
    }

    /** All versions of all models, by name and version. */
    List<Description> all();

    /**
     * Whether requests may come: all that must be there has been loaded. A model that was put among others and cannot be loaded
     * stops none of them.
     */
    default boolean ready() {
        List<Description> all = all();
        return all.isEmpty() || all.stream().anyMatch(Description::ready);
    }

    /**
     * The version of that name, or the one whose turn it is.
     *
     * @param version none for one that is served now
     * @throws UnknownModelException if there is none
     * @throws OverloadedException if none is loaded yet
     */
    Chosen chosen(String model, Optional<String> version);

    /** Of the version that is {@link #chosen}. */
    default Predictor predictor(String model, Optional<String> version) {
        return chosen(model, version).predictor();
    }

    /** Asks the version that is {@link #chosen} about one image. */
    default CompletableFuture<Predictor.Answer> predict(
            String model, Optional<String> version, Image image, Instant deadline) {
        while (true) {
            try {
                return chosen(model, version).predict(image, deadline);
            } catch (RetiredException e) {
                // exchanged since it was chosen: the next choice is another
            }
        }
    }

    /** Answers what is queued, then frees the models. */
    @Override
    void close();
}
