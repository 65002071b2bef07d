package dev.fovea.serve.studio;

import dev.fovea.serve.http.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;

/** How often a wrong token was typed recently: whoever guesses has to wait. */
final class LoginTries {

    private static final int MOST = 10;
    private static final long NANOS = 60_000_000_000L;

    private final Deque<Long> failures = new ArrayDeque<>();

    /** @throws Refusal if there were too many in the last minute */
    synchronized void check() {
        long now = System.nanoTime();
        while (!failures.isEmpty() && now - failures.peekFirst() > NANOS) {
            failures.removeFirst();
        }
        if (failures.size() >= MOST) {
            throw Refusal.tooMany("%s wrong tokens in a minute. Wait a minute, then try again".formatted(MOST));
        }
    }

    synchronized void failed() {
        failures.addLast(System.nanoTime());
    }
}
