package dev.fovea.serve.http;

import java.time.Duration;
import java.util.Optional;

/** A request that is not answered, with the sentence that its client reads. */
public final class Refusal extends RuntimeException {

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
    public static Refusal of(int status, String reason, String sentence) {
        return new Refusal(status, reason, sentence, null);
    }

    /** The request itself is wrong. */
    public static Refusal wrong(String sentence) {
        return of(400, "wrong-request", sentence);
    }

    public static Refusal notFound(String sentence) {
        return of(404, "not-found", sentence);
    }

    public static Refusal tooLarge(String sentence) {
        return of(413, "too-large", sentence);
    }

    /** There is no room at the moment. */
    public static Refusal busy(String sentence) {
        return new Refusal(503, "overloaded", sentence, Duration.ofSeconds(1));
    }

    /** The server is about to stop; another one may be there soon. */
    public static Refusal draining(String sentence) {
        return new Refusal(503, "draining", sentence, Duration.ofSeconds(5));
    }

    /** One client asks for too much at once. */
    public static Refusal tooMany(String sentence) {
        return new Refusal(429, "client-limit", sentence, Duration.ofSeconds(1));
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
