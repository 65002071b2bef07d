package dev.fovea.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * The body of a request as it arrives, piece by piece, taken without waiting for it.
 *
 * @param <T> what it comes to
 */
final class Arrival<T> implements Runnable {

    /** Takes the pieces of a body, in their order. */
    interface Taker<T> {

        /** Takes a piece, which is gone afterwards. */
        void take(ByteBuffer piece) throws IOException;

        /** What all pieces come to. */
        T whole();
    }

    private final Request request;
    private final Taker<T> taker;
    private final CompletableFuture<T> whole = new CompletableFuture<>();

    private Arrival(Request request, Taker<T> taker) {
        this.request = request;
        this.taker = taker;
    }

    /** What {@code taker} makes of the body; fails with what it throws, or if the body does not arrive. */
    static <T> CompletableFuture<T> of(Request request, Taker<T> taker) {
        var arrival = new Arrival<>(request, taker);
        arrival.run();
        return arrival.whole;
    }

    @Override
    public void run() {
        try {
            readAvailable();
        } catch (IOException | RuntimeException | Error e) {
            whole.completeExceptionally(e);
        }
    }

    private void readAvailable() throws IOException {
        while (!whole.isDone()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                whole.completeExceptionally(unreadable(chunk.getFailure()));
                return;
            }
            boolean last = chunk.isLast();
            try {
                taker.take(chunk.getByteBuffer());
            } finally {
                chunk.release();
            }
            if (last) {
                whole.complete(taker.whole());
            }
        }
    }

    private static Refusal unreadable(Throwable failure) {
        if (failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException) {
            return Refusal.of(408, "slow-client", "the body did not arrive in time");
        }
        if (failure instanceof ZipException) {
            return Refusal.wrong("the body is not the gzip that its Content-Encoding says");
        }
        return Refusal.of(400, "client-gone", "the body is cut off");
    }
}
