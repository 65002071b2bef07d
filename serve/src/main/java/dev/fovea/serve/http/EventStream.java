package dev.fovea.serve.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Server-sent events, as the browsers' {@code EventSource} reads them. */
public final class EventStream {

    private static final long PATIENCE_NANOS = 10_000_000_000L;

    /** Events that may wait for the client before steps are left out. */
    private static final int ROOM = 16;

    private final Response response;
    private final Callback callback;
    private final HeldMemory.Share memory;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private boolean writing;
    private boolean ended;
    private long since;
    private Throwable failure;

    private EventStream(Response response, Callback callback, HeldMemory.Share memory) {
        this.response = response;
        this.callback = callback;
        this.memory = memory;
    }

    /** @param memory that what waits for the client is held in */
    static EventStream begin(Response response, Callback callback, HeldMemory.Share memory) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream;charset=utf-8");
        return new EventStream(response, callback, memory);
    }

    public synchronized boolean hasRoom() {
        return waiting.size() < ROOM;
    }

    /**
     * Sends an event as soon as the client's side has room for it; nobody waits for that.
     *
     * @param data one line
     * @throws CompletionException if the client is gone, or takes nothing for long
     */
    public void send(String event, String data) {
        ByteBuffer bytes =
                ByteBuffer.wrap("event: %s\ndata: %s\n\n".formatted(event, data).getBytes(StandardCharsets.UTF_8));
        memory.add(bytes.remaining());
        synchronized (this) {
            if (writing && System.nanoTime() - since > PATIENCE_NANOS) {
                failure = new TimeoutException("the client takes nothing");
            }
            if (failure != null) {
                throw new CompletionException(failure);
            }
            waiting.addLast(bytes);
        }
        write();
    }

    /** After all that waits. */
    public void end() {
        Throwable lost;
        synchronized (this) {
            ended = true;
            lost = failure;
        }
        if (lost != null) {
            callback.failed(lost);
        } else {
            write();
        }
    }

    private void write() {
        ByteBuffer next;
        synchronized (this) {
            if (writing || failure != null) {
                return;
            }
            next = waiting.pollFirst();
            if (next == null && !ended) {
                return;
            }
            writing = true;
            since = System.nanoTime();
        }
        if (next == null) {
            response.write(true, ByteBuffer.allocate(0), callback);
            return;
        }
        int length = next.remaining();
        response.write(false, next, Callback.from(() -> written(length), this::failed));
    }

    private void written(int length) {
        memory.remove(length);
        synchronized (this) {
            writing = false;
        }
        write();
    }

    private void failed(Throwable cause) {
        boolean last;
        synchronized (this) {
            failure = cause;
            last = ended;
        }
        if (last) {
            callback.failed(cause);
        }
    }

    public void fail(Throwable cause) {
        callback.failed(cause);
    }
}
