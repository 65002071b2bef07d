package dev.fovea.serve.http;

import java.time.Duration;
import java.util.Optional;

/** A request that is not answered, with the sentence that its client reads. */
final class Refusal extends RuntimeException {

    private final int status;
    private final String reason;
    private final transient Duration retryAfter;

    private Refusal(int status, String reason, String sentence, Duration retryAfter) {
        super(sentence, null, false, false);
        this.status = status;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /**
     * @param status of HTTP
     * @param reason in a word or two, for metrics
     */
    static Refusal of(int status, String reason, String sentence) {
        return new Refusal(status, reason, sentence, null);
    }

    /** The request itself is wrong. */
    static Refusal wrong(String sentence) {
        return of(400, "wrong-request", sentence);
    }

    static Refusal notFound(String sentence) {
        return of(404, "not-found", sentence);
    }

    static Refusal tooLarge(String sentence) {
        return of(413, "too-large", sentence);
    }

    /** There is no room at the moment. */
    static Refusal busy(String sentence) {
        return new Refusal(503, "overloaded", sentence, Duration.ofSeconds(1));
    }

    /** The server is about to stop; another one may be there soon. */
    static Refusal draining(String sentence) {
        return new Refusal(503, "draining", sentence, Duration.ofSeconds(5));
    }

    /** One client asks for too much at once. */
    static Refusal tooMany(String sentence) {
        return new Refusal(429, "client-limit", sentence, Duration.ofSeconds(1));
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
