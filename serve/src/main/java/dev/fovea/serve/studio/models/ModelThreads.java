package dev.fovea.serve.studio.models;

import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.EventStream;
import dev.fovea.serve.http.Refusal;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads in which models are tried while somebody looks on: what comes of it is sent in events as it comes, however long it takes, and
 * ends when the page leaves. Trying must not wait for jobs, which may take hours.
 */
final class ModelThreads implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int QUEUE = 64;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                var thread = new Thread(task, "studio-models");
                thread.setDaemon(true);
                return thread;
            });

    /** Sends the events of a request. */
    interface Work {
        void run(Sink sink);
    }

    /** Where the events go. */
    record Sink(Call call, EventStream events) {

        void send(String event, Map<String, Object> values) {
            checkWanted();
            events.send(event, call.mapper().line(values));
        }

        /**
         * Says how far it is, where the page keeps up.
         *
         * @throws CancellationException if nobody looks on any more
         */
        void progress(long done, long all) {
            checkWanted();
            if (hasRoom()) {
                send("progress", Map.of("done", done, "of", all));
            }
        }

        /** Whether the page keeps up; what can be left out is left out where it does not. */
        boolean hasRoom() {
            return events.hasRoom();
        }

        /** @throws CancellationException if nobody looks on any more */
        void checkWanted() {
            if (call.gone()) {
                throw new CancellationException("nobody waits for this any more");
            }
        }
    }

    /** The events begin at once: a response that waits for its turn in silence would be given up. */
    void stream(Call call, Work work) {
        if (threads.getQueue().remainingCapacity() == 0) {
            call.fail(full());
            return;
        }
        call.endlessEvents().ifPresent(events -> {
            var sink = new Sink(call, events);
            try {
                if (threads.getActiveCount() >= THREADS) {
                    sink.send("waiting", Map.of());
                }
                threads.execute(() -> run(sink, work));
            } catch (RejectedExecutionException e) {
                failed(sink, full());
            } catch (CompletionException | CancellationException e) {
                events.fail(e); // the page is gone
            }
        });
    }

    private static Refusal full() {
        return Refusal.busy("%s images wait to be tried already. Try again soon".formatted(QUEUE));
    }

    private static void run(Sink sink, Work work) {
        try {
            sink.checkWanted();
            work.run(sink);
            sink.events().end();
        } catch (CompletionException | CancellationException e) {
            sink.events().fail(e); // the page is gone
        } catch (RuntimeException | Error e) {
            failed(sink, e);
        }
    }

    /** Whatever happens, the response ends, and says why. */
    private static void failed(Sink sink, Throwable thrown) {
        try {
            sink.send("error", Map.of("detail", sentence(thrown)));
            sink.events().end();
        } catch (RuntimeException | Error e) {
            sink.events().fail(e);
        }
    }

    private static String sentence(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            return "there is not enough memory for this. Try a smaller image, or fewer at once";
        }
        String message = thrown.getMessage();
        return message == null || message.isBlank()
                ? "it failed (%s)".formatted(thrown.getClass().getSimpleName())
                : dev.fovea.io.Escaped.line(message);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
