package dev.fovea.serve.http;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What every request passes first: it gets its id, and its client is looked at. */
final class Front extends Handler.Wrapper {

    private final Shared shared;
    private final Connections connections;

    Front(Shared shared, Connections connections, Handler next) {
        super(next);
        this.shared = shared;
        this.connections = connections;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        shared.guard().addHeaders(response);
        response.getHeaders().put(RequestId.HEADER, RequestId.of(request));
        TraceContext.of(request.getHeaders()).ifPresent(trace -> {
            response.getHeaders().put(TraceContext.PARENT, trace.parent());
            if (!trace.state().isEmpty()) {
                response.getHeaders().put(TraceContext.STATE, trace.state());
            }
        });
        try {
            connections.begin(request);
            shared.guard().check(request, response);
            connections.admit(request);
        } catch (Refusal e) {
            ProblemResponse.write(request, response, callback, e, shared);
            return true;
        }
        return super.handle(request, response, callback);
    }
}
