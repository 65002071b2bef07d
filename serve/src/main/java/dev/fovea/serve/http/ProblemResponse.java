package dev.fovea.serve.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** The response to a request that failed, whoever found that out: a handler, or Jetty before any handler was asked. */
final class ProblemResponse implements Request.Handler {

    private final Shared shared;

    ProblemResponse(Shared shared) {
        this.shared = shared;
    }

    /** Of what Jetty found. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        shared.guard().addHeaders(response);
        var cause = (Throwable) request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
        Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        int status = response.getStatus();
        boolean own = cause != null && !(status >= 400 && status < 500 && !(cause instanceof Refusal));
        Throwable said = own
                ? cause
                : status == 503
                        ? Refusal.draining(sentence(status, message))
                        : Refusal.of(status, reason(status), sentence(status, message));
        write(request, response, callback, said, shared);
        return true;
    }

    private static String reason(int status) {
        return status == 408 ? "slow-client" : "wrong-request";
    }

    private static String sentence(int status, Object message) {
        return switch (status) {
            case 404 -> "there is nothing at this address";
            case 408 -> "the request did not arrive in time";
            case 413 -> "the body is larger than allowed";
            case 414 -> "the address is longer than allowed";
            case 431 -> "the headers are larger than allowed";
            case 503 -> "the server is about to stop";
            default ->
                "the request is not valid HTTP (%s)"
                        .formatted(dev.fovea.io.Escaped.of(message == null ? "status " + status : message));
        };
    }

    static void write(Request request, Response response, Callback callback, Throwable thrown, Shared shared) {
        Problem problem = Problem.of(thrown);
        AccessLog.reason(request, problem.reason());
        if (problem.fault()) {
            shared.log().fault(RequestId.of(request), thrown);
        }
        if (response.isCommitted()) {
            callback.failed(thrown);
            return;
        }
        byte[] bytes = shared.json().bytes(problem.values(request.getHttpURI().getPath(), RequestId.of(request)));
        response.setStatus(problem.status());
        response.getHeaders().put(RequestId.HEADER, RequestId.of(request));
        if (!problem.retryAfter().isZero()) {
            response.getHeaders()
                    .put(
                            HttpHeader.RETRY_AFTER,
                            String.valueOf(
                                    problem.retryAfter().plusNanos(999_999_999).toSeconds()));
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.TYPE);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), Leftover.before(request, callback));
    }
}
