package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** The body of a request, read as it arrives and no further than its limit. */
final class Body implements Arrival.Taker<byte[]> {

    private static final int FIRST = 16 * 1024;

    private final Request request;
    private final HeldMemory.Share memory;
    private final int most;
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
        return Arrival.of(request, body);
    }

    @Override
    public void take(ByteBuffer piece) {
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

    @Override
    public byte[] whole() {
        return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }

    private Refusal tooLarge() {
        return Refusal.tooLarge("the body is larger than the %s bytes allowed".formatted(most));
    }
}
