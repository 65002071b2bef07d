package dev.fovea.serve.studio;

import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.EventStream;
import dev.fovea.serve.http.Json;
import dev.fovea.serve.http.Limits;
import dev.fovea.serve.http.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells all open pages what has changed. A page that reads nothing for a while is dropped: it reconnects, and loads
 * everything again.
 */
public final class Events implements AutoCloseable {

    private static final int BEAT_SECONDS = 10;

    private final Json json = new Json(Limits.usual());
    private final List<EventStream> pages = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "studio-events");
        thread.setDaemon(true);
        return thread;
    });

    Events() {
        heart.scheduleWithFixedDelay(() -> send("beat", Map.of()), BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Tells all pages.
     *
     * @param kind job, run, queue or data
     * @param value as JSON
     */
    public void send(String kind, Object value) {
        if (pages.isEmpty()) {
            return;
        }
        String line = json.line(value);
        for (EventStream page : pages) {
            try {
                if (!page.hasRoom()) {
                    throw new CompletionException(new TimeoutException("the page takes nothing"));
                }
                page.send(kind, line);
            } catch (RuntimeException e) {
                leave(page, e);
            }
        }
    }

    /** Events for a page that reads nothing would wait for ever. */
    private void leave(EventStream page, RuntimeException cause) {
        if (pages.remove(page)) {
            page.fail(cause);
        }
    }

    /** How many listen. */
    int pages() {
        return pages.size();
    }

    List<Route> routes() {
        return List.of(Route.get("/api/events", "What changes, as server-sent events", this::listen)
                .giving("text/event-stream"));
    }

    private void listen(Call call) {
        call.endlessEvents().ifPresent(page -> {
            pages.add(page);
            call.onHangUp(() -> pages.remove(page));
            page.send("hello", "{}");
        });
    }

    @Override
    public void close() {
        heart.shutdownNow();
        for (EventStream page : pages) {
            if (pages.remove(page)) {
                page.end();
            }
        }
    }
}
