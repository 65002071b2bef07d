package dev.fovea.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** The body of a request, written away piece by piece as it arrives: it may be larger than memory. */
final class SavedBody implements Runnable {

    private final Request request;
    private final WritableByteChannel to;
    private final long most;
    private final CompletableFuture<Long> whole = new CompletableFuture<>();
    private long length;

    private SavedBody(Request request, WritableByteChannel to, long most) {
        this.request = request;
        this.to = to;
        this.most = most;
    }

    /**
     * Writes the body to {@code to}; closing that is the caller's.
     *
     * @param most bytes, also of one that arrives compressed
     * @return the bytes there were; fails with an {@link IOException} if they cannot be written
     */
    static CompletableFuture<Long> write(Request request, WritableByteChannel to, long most) {
        var body = new SavedBody(request, to, most);
        if (request.getLength() > most) {
            return CompletableFuture.failedFuture(body.tooLarge());
        }
        body.run();
        return body.whole;
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
                whole.completeExceptionally(Body.unreadable(chunk.getFailure()));
                return;
            }
            boolean last = chunk.isLast();
            try {
                add(chunk.getByteBuffer());
            } finally {
                chunk.release();
            }
            if (last) {
                whole.complete(length);
            }
        }
    }

    private void add(ByteBuffer piece) throws IOException {
        length += piece.remaining();
        if (length > most) {
            throw tooLarge();
        }
        while (piece.hasRemaining()) {
            to.write(piece);
        }
    }

    private Refusal tooLarge() {
        return Refusal.tooLarge("the file is larger than the %s bytes allowed".formatted(most));
    }
}
