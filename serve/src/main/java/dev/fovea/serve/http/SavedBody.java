package dev.fovea.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Request;

/** The body of a request, written away piece by piece as it arrives: it may be larger than memory. */
final class SavedBody implements Arrival.Taker<Long> {

    private final WritableByteChannel to;
    private final long most;
    private long length;

    private SavedBody(WritableByteChannel to, long most) {
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
        var body = new SavedBody(to, most);
        return request.getLength() > most ? CompletableFuture.failedFuture(body.tooLarge()) : Arrival.of(request, body);
    }

    @Override
    public void take(ByteBuffer piece) throws IOException {
        length += piece.remaining();
        if (length > most) {
            throw tooLarge();
        }
        while (piece.hasRemaining()) {
            to.write(piece);
        }
    }

    @Override
    public Long whole() {
        return length;
    }

    private Refusal tooLarge() {
        return Refusal.tooLarge("the file is larger than the %s bytes allowed".formatted(most));
    }
}
