package dev.fovea.serve.http;

import java.util.concurrent.atomic.AtomicLong;

/** Memory that all requests under way share: bodies and decoded images. Thread-safe. */
final class HeldMemory {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    HeldMemory(long most) {
        this.most = most;
    }

    long held() {
        return held.get();
    }

    Share share() {
        return new Share();
    }

    /** What one request holds; all of it is given back at once. */
    final class Share {

        private long own;
        private boolean closed;

        /** @throws Refusal if the others hold too much */
        synchronized void add(long bytes) {
            if (closed) {
                return;
            }
            if (held.addAndGet(bytes) > most) {
                held.addAndGet(-bytes);
                throw Refusal.busy("the requests under way fill the memory that is for them. Try again soon");
            }
            own += bytes;
        }

        synchronized void close() {
            closed = true;
            held.addAndGet(-own);
            own = 0;
        }
    }
}
