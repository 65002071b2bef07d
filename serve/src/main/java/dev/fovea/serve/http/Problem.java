package dev.fovea.serve.http;

import dev.fovea.image.ImageException;
import dev.fovea.io.Escaped;
import dev.fovea.serve.ServedModels.DeadlineException;
import dev.fovea.serve.ServedModels.OverloadedException;
import dev.fovea.serve.ServedModels.UnknownModelException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EofException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * What a client reads about a request that failed, <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>.
 *
 * @param reason in a word or two, for metrics and the log
 * @param detail one sentence
 * @param retryAfter when to try again; zero where that would not help
 * @param fault of the server itself, whose stack trace belongs into its log
 */
record Problem(int status, String reason, String detail, Duration retryAfter, boolean fault) {

    /** Of no client, which is gone; for the log, as other servers have it. */
    private static final int GONE = 499;

    static final String TYPE = "application/problem+json";

    private Problem(int status, String reason, String detail) {
        this(status, reason, detail, Duration.ZERO, false);
    }

    /** What {@code thrown} is to a client. */
    static Problem of(Throwable thrown) {
        if (wrapper(thrown) && thrown.getCause() != null) {
            return of(thrown.getCause());
        }
        String message = Escaped.line(thrown.getMessage() == null ? "" : thrown.getMessage());
        if (thrown instanceof Refusal refusal) {
            return new Problem(
                    refusal.status(),
                    refusal.reason(),
                    message,
                    refusal.retryAfter().orElse(Duration.ZERO),
                    false);
        }
        if (thrown instanceof UnknownModelException) {
            return new Problem(404, "not-found", message);
        }
        if (thrown instanceof OverloadedException overloaded) {
            return new Problem(503, "overloaded", message, atLeastASecond(overloaded.retryAfter()), false);
        }
        if (thrown instanceof DeadlineException) {
            return new Problem(504, "deadline", message);
        }
        if (thrown instanceof TimeoutException) {
            return new Problem(504, "deadline", "the time for this request is over");
        }
        if (thrown instanceof EofException) {
            return new Problem(GONE, "client-gone", "the client hung up");
        }
        if (thrown instanceof CancellationException) {
            return new Problem(GONE, "cancelled", "the request was cancelled");
        }
        if (thrown instanceof ImageException) {
            return new Problem(422, "image", sent(message));
        }
        if (thrown instanceof HttpException http) {
            // A version or a coding that is not known is the client's mistake; alarms are for those of the server.
            int status = http.getCode() >= 500 ? 400 : http.getCode();
            return new Problem(status, "wrong-request", "the request is not valid HTTP (%s)".formatted(http(http)));
        }
        if (thrown instanceof OutOfMemoryError) {
            return new Problem(
                    503, "overloaded", "the server is out of memory at the moment", Duration.ofSeconds(5), true);
        }
        if (thrown instanceof IllegalArgumentException && ours(thrown) && !message.isEmpty()) {
            return new Problem(400, "wrong-request", message);
        }
        return new Problem(
                500,
                "fault",
                "the server failed at this request; its log says why, under the id of the request",
                Duration.ZERO,
                true);
    }

    private static boolean wrapper(Throwable thrown) {
        return thrown instanceof CompletionException || thrown instanceof ExecutionException;
    }

    private static Duration atLeastASecond(Duration time) {
        return time == null || time.toSeconds() < 1 ? Duration.ofSeconds(1) : time;
    }

    /** Whether Fovea itself, and not Java or a library below it, found the fault and worded it. */
    private static boolean ours(Throwable thrown) {
        return thrown.getStackTrace().length == 0
                || thrown.getStackTrace()[0].getClassName().startsWith("dev.fovea.");
    }

    /** The library advises how to mend data, which is not what an image that was sent belongs to. */
    private static String sent(String message) {
        return message.replace("Delete it, or skip broken images", "Send another")
                .replace(", or skip broken images", "");
    }

    /** What is wrong with JSON that was sent. */
    static String json(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return "the JSON of the body is nested deeper, or holds more, than allowed";
        }
        String where = e.getLocation() == null
                ? ""
                : " at line %s, column %s"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        // What the parser says about its own source means nothing to a client.
        String why = String.valueOf(e.getOriginalMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" ?\\(start marker.*", "");
        return "the body is no JSON%s (%s)".formatted(where, Escaped.of(why));
    }

    private static String http(HttpException e) {
        return Escaped.of(e.getReason() == null ? HttpStatus.getMessage(e.getCode()) : e.getReason());
    }

    /**
     * As JSON.
     *
     * @param path of the request
     * @param id of the request
     */
    Map<String, Object> values(String path, String id) {
        var values = new LinkedHashMap<String, Object>();
        values.put("type", "about:blank");
        values.put("title", title());
        values.put("status", status);
        values.put("detail", detail);
        values.put("instance", path);
        values.put("requestId", id);
        // Where clients of the inference protocols look.
        values.put("error", detail);
        return values;
    }

    private String title() {
        String title = HttpStatus.getMessage(status);
        return status == GONE ? "Client Closed Request" : title;
    }
}
