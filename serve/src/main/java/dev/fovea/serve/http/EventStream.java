package dev.fovea.serve.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Server-sent events, as the browsers' {@code EventSource} reads them. */
final class EventStream {

    private static final int PATIENCE_SECONDS = 10;

    private final Response response;
    private final Callback callback;

    private EventStream(Response response, Callback callback) {
        this.response = response;
        this.callback = callback;
    }

    static EventStream begin(Response response, Callback callback) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream;charset=utf-8");
        return new EventStream(response, callback);
    }

    /**
     * Sends an event, and waits until the client's side has room for it.
     *
     * @param data one line
     * @throws CompletionException if the client is gone, or takes nothing for long
     */
    void send(String event, String data) {
        var sent = new CompletableFuture<Void>();
        ByteBuffer bytes =
                ByteBuffer.wrap("event: %s\ndata: %s\n\n".formatted(event, data).getBytes(StandardCharsets.UTF_8));
        response.write(false, bytes, Callback.from(() -> sent.complete(null), sent::completeExceptionally));
        try {
            sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new CompletionException(e);
        }
    }

    void end() {
        response.write(true, ByteBuffer.allocate(0), callback);
    }

    void fail(Throwable cause) {
        callback.failed(cause);
    }
}
