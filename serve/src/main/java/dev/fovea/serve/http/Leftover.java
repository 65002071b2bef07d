package dev.fovea.serve.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * What a client still sends of a body that is refused already. It is read for a while and thrown away: many clients read no
 * answer before they have sent all, and a connection that is closed under them loses it.
 */
final class Leftover implements Runnable {

    private static final long MOST = 4 << 20;
    private static final long SECONDS = 2;

    private final Request request;
    private final Callback callback;
    private final AtomicBoolean over = new AtomicBoolean();
    private long count;

    private Leftover(Request request, Callback callback) {
        this.request = request;
        this.callback = callback;
    }

    /** What is to be called once the answer is written, so that {@code callback} is called after the rest was read. */
    static Callback before(Request request, Callback callback) {
        if (request.getHeaders().contains(HttpHeader.EXPECT)) {
            return callback; // it waits for leave to send
        }
        return Callback.from(() -> new Leftover(request, callback).begin(), callback::failed);
    }

    private void begin() {
        request.getComponents().getScheduler().schedule(this::end, SECONDS, TimeUnit.SECONDS);
        run();
    }

    @Override
    public void run() {
        try {
            while (!over.get()) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                count += chunk.remaining();
                chunk.release();
                if (chunk.isLast() || Content.Chunk.isFailure(chunk) || count > MOST) {
                    end();
                }
            }
        } catch (RuntimeException e) {
            end(); // somebody reads it already
        }
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            callback.succeeded();
        }
    }
}
