package dev.fovea.serve.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Server-sent events, as the browsers' {@code EventSource} reads them. A client that takes nothing for a while loses the stream, whoever
 * makes its events meanwhile.
 */
public final class EventStream {

    /** In which a client takes the next piece, unless the server answers in less. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Events that may wait for the client before steps are left out. */
    private static final int ROOM = 16;

    private final Response response;
    private final Callback callback;
    private final HeldMemory.Share memory;
    private final long patienceNanos;
    private final Runnable ending;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private CompletableFuture<Void> look = new CompletableFuture<>();
    private boolean writing;
    private boolean ended;
    private boolean over;
    private long since;
    private Throwable failure;

    private EventStream(
            Response response, Callback callback, HeldMemory.Share memory, Duration patience, Runnable ending) {
        this.response = response;
        this.callback = callback;
        this.memory = memory;
        this.ending = ending;
        patienceNanos = patience.toNanos();
    }

    /**
     * @param memory that what waits for the client is held in
     * @param patience in which the client takes a piece
     * @param ending is run before the last piece is written
     */
    static EventStream begin(
            Response response, Callback callback, HeldMemory.Share memory, Duration patience, Runnable ending) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream;charset=utf-8");
        var stream = new EventStream(response, callback, memory, patience, ending);
        stream.watch();
        return stream;
    }

    /** Looks again and again whether the client takes what is sent. */
    private synchronized void watch() {
        if (over) {
            return;
        }
        look = new CompletableFuture<Void>().completeOnTimeout(null, patienceNanos, TimeUnit.NANOSECONDS);
        look.thenRun(() -> {
            if (stuck()) {
                fail(new TimeoutException("the client takes nothing"));
            } else {
                watch();
            }
        });
    }

    private synchronized boolean stuck() {
        return writing && System.nanoTime() - since > patienceNanos;
    }

    /**
     * Whether the client keeps up.
     *
     * @throws CompletionException if the client is gone, or has taken nothing for long
     */
    public synchronized boolean hasRoom() {
        checkOpen();
        return waiting.size() < ROOM;
    }

    private void checkOpen() {
        if (failure != null) {
            throw new CompletionException(failure);
        }
    }

    /**
     * Sends an event as soon as the client's side has room for it; nobody waits for that.
     *
     * @param data one line
     * @throws CompletionException if the client is gone, or has taken nothing for long
     */
    public void send(String event, String data) {
        ByteBuffer bytes =
                ByteBuffer.wrap("event: %s\ndata: %s\n\n".formatted(event, data).getBytes(StandardCharsets.UTF_8));
        memory.add(bytes.remaining());
        synchronized (this) {
            checkOpen();
            waiting.addLast(bytes);
        }
        write();
    }

    /** After all that waits. */
    public void end() {
        synchronized (this) {
            ended = true;
        }
        write();
    }

    private void write() {
        ByteBuffer next;
        synchronized (this) {
            if (writing || over) {
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
            ending.run();
            response.write(true, ByteBuffer.allocate(0), Callback.from(this::done, this::fail));
            return;
        }
        int length = next.remaining();
        response.write(false, next, Callback.from(() -> written(length), this::fail));
    }

    private void written(int length) {
        memory.remove(length);
        synchronized (this) {
            writing = false;
        }
        write();
    }

    private void done() {
        if (finish(null)) {
            callback.succeeded();
        }
    }

    /** Ends it at once, whatever waits; of no effect once it is over. */
    public void fail(Throwable cause) {
        if (finish(cause)) {
            callback.failed(cause);
        }
    }

    /** Whether this is the end of it: it has one. */
    private synchronized boolean finish(Throwable cause) {
        if (over) {
            return false;
        }
        over = true;
        failure = cause;
        look.cancel(false);
        return true;
    }
}
