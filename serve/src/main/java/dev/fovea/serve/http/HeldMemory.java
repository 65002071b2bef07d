package dev.fovea.serve.http;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Memory that all requests under way share: bodies, decoded images, and what is answered. Thread-safe. */
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

        /**
         * Takes memory before it is used.
         *
         * @throws Refusal if the others hold too much
         * @throws CancellationException if the request is over
         */
        synchronized void add(long bytes) {
            if (closed) {
                throw new CancellationException("the request is over");
            }
            if (held.addAndGet(bytes) > most) {
                held.addAndGet(-bytes);
                throw Refusal.busy("the requests under way fill the memory that is for them. Try again soon");
            }
            own += bytes;
        }

        /** Gives some of it back. */
        synchronized void remove(long bytes) {
            if (!closed) {
                held.addAndGet(-bytes);
                own -= bytes;
            }
        }

        /** What needs so much only while it is done. */
        <T> T during(long bytes, Supplier<T> work) {
            add(bytes);
            try {
                return work.get();
            } finally {
                remove(bytes);
            }
        }

        synchronized void close() {
            closed = true;
            held.addAndGet(-own);
            own = 0;
        }
    }
}
