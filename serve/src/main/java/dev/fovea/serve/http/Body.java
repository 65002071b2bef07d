package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** The body of a request, read as it arrives and no further than its limit. */
final class Body implements Runnable {

    private static final int FIRST = 16 * 1024;

    private final Request request;
    private final HeldMemory.Share memory;
    private final int most;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private byte[] bytes = new byte[0];
    private int length;

    private Body(Request request, HeldMemory.Share memory, int most) {
        this.request = request;
        this.memory = memory;
        this.most = most;
    }

    /**
     * Reads the body.
     *
     * @param memory that it is held in
     * @param most bytes, also of one that arrives compressed
     */
    static CompletableFuture<byte[]> read(Request request, HeldMemory.Share memory, int most) {
        var body = new Body(request, memory, most);
        String coding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("identity")) { // gzip is undone before
            return CompletableFuture.failedFuture(Refusal.of(
                    415,
                    "wrong-request",
                    "Content-Encoding: expected gzip or none, got '%s'".formatted(Escaped.of(coding))));
        }
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
        } catch (RuntimeException | Error e) {
            whole.completeExceptionally(e);
        }
    }

    private void readAvailable() {
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
                add(chunk.getByteBuffer());
            } finally {
                chunk.release();
            }
            if (last) {
                whole.complete(bytes.length == length ? bytes : Arrays.copyOf(bytes, length));
            }
        }
    }

    private void add(ByteBuffer piece) {
        int count = piece.remaining();
        if (count > most - length) {
            throw tooLarge();
        }
        if (count > bytes.length - length) {
            int grown = (int) Math.min(most, Math.max(length + (long) count, Math.max(FIRST, 2L * bytes.length)));
            if (request.getLength() >= length + (long) count) {
                // What it says is believed once half of it is there: who says much and sends nothing gets nothing.
                grown = request.getLength() <= 2L * grown ? (int) request.getLength() : grown;
            }
            memory.add(grown - (long) bytes.length);
            bytes = Arrays.copyOf(bytes, grown);
        }
        piece.get(bytes, length, count);
        length += count;
    }

    private Refusal tooLarge() {
        return Refusal.tooLarge("the body is larger than the %s bytes allowed".formatted(most));
    }

    static Throwable unreadable(Throwable failure) {
        if (failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException) {
            return Refusal.of(408, "slow-client", "the body did not arrive in time");
        }
        if (failure instanceof ZipException) {
            return Refusal.wrong("the body is not the gzip that its Content-Encoding says");
        }
        return Refusal.of(400, "client-gone", "the body is cut off");
    }
}
