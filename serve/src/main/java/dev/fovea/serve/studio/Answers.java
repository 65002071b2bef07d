package dev.fovea.serve.studio;

import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Routes whose answers are computed by threads that may wait for a disk. What a handler returns is sent as JSON; a {@link Job} as
 * its number with 202, a {@link Reply} as it says, and null as 204.
 */
public final class Answers {

    private Answers() {}

    /** Makes an answer. */
    public interface Read {
        Object of(Call call) throws Exception;
    }

    /** Makes an answer to a JSON object. */
    public interface Write {
        Object of(Call call, ObjectNode body) throws Exception;
    }

    public static Route get(String template, String summary, Read read) {
        return Route.get(template, summary, call -> respond(call, call.submit(() -> made(() -> read.of(call)))));
    }

    public static Route delete(String template, String summary, Read read) {
        return Route.delete(template, summary, call -> respond(call, call.submit(() -> made(() -> read.of(call)))));
    }

    public static Route post(String template, String summary, Write write) {
        return Route.post(
                template,
                summary,
                call -> respond(
                        call, call.object().thenCompose(body -> call.submit(() -> made(() -> write.of(call, body))))));
    }

    /** Sends the result. */
    public static void respond(Call call, CompletableFuture<?> coming) {
        call.answer(coming, value -> send(call, value));
    }

    private static void send(Call call, Object value) {
        try {
            if (value == null) {
                call.empty(204);
            } else if (value instanceof Reply reply) {
                reply.write(call);
            } else if (value instanceof Job job) {
                call.json(202, Map.of("job", job.id()));
            } else {
                call.json(value);
            }
        } catch (IOException e) {
            throw Storage.refusal(e);
        }
    }

    private interface Made {
        Object get() throws Exception;
    }

    private static Object made(Made made) {
        try {
            return made.get();
        } catch (IOException e) {
            throw Storage.refusal(e);
        } catch (UncheckedIOException e) {
            throw Storage.refusal(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
