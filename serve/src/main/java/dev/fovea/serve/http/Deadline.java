package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpFields;

/** After which nobody waits for the answer to a request. */
final class Deadline {

    /** In which a client says how long it waits, in seconds. */
    static final String PATIENCE = "X-Request-Timeout";

    private static final double MOST_SECONDS = 1e6;

    /** Milliseconds in which what is late by a hair still comes. */
    private static final int GRACE = 50;

    private volatile Instant end;

    private Deadline(Duration time) {
        end = Instant.now().plus(time);
    }

    /**
     * As the client asks for it, and no later than {@code usual} from now.
     *
     * @throws Refusal if what it asks for is no time
     */
    static Deadline of(HttpFields headers, Duration usual) {
        String said = headers.get(PATIENCE);
        if (said == null) {
            return new Deadline(usual);
        }
        Duration asked = seconds(said);
        return new Deadline(asked.compareTo(usual) < 0 ? asked : usual);
    }

    private static Duration seconds(String said) {
        try {
            double seconds = Double.parseDouble(said);
            if (seconds > 0 && seconds < MOST_SECONDS) {
                return Duration.ofNanos((long) (seconds * 1e9));
            }
        } catch (NumberFormatException e) {
            // the sentence below says so
        }
        throw Refusal.wrong("%s: expected seconds above 0, got '%s'".formatted(PATIENCE, Escaped.of(said)));
    }

    Instant end() {
        return end;
    }

    /** Sooner than it was, if {@code time} from now is. */
    void within(Duration time) {
        Instant sooner = Instant.now().plus(time);
        end = sooner.isBefore(end) ? sooner : end;
    }

    /** Puts it off, as what arrives may take that long. */
    void putOff(Duration time) {
        end = Instant.now().plus(time);
    }

    Duration left() {
        return Duration.between(Instant.now(), end);
    }

    /** What is left, at least 1. */
    long leftMillis() {
        return Math.max(1, left().toMillis());
    }

    /** Fails {@code coming} once the time is over; that may be put off in the meantime. */
    void bound(CompletableFuture<?> coming) {
        var over = new CompletableFuture<Void>().completeOnTimeout(null, leftMillis() + GRACE, TimeUnit.MILLISECONDS);
        coming.whenComplete((value, failure) -> over.cancel(false));
        over.thenRun(() -> {
            if (left().isNegative()) {
                coming.completeExceptionally(new TimeoutException());
            } else {
                bound(coming);
            }
        });
    }
}
