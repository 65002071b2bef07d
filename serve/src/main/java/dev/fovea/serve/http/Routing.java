package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Finds what is done at an address. Nothing here waits, so that it is done by the thread that reads the connection. */
final class Routing extends Handler.Abstract.NonBlocking {

    private final List<Route> routes;
    private final Shared shared;
    private final boolean described;

    Routing(List<Route> routes, Shared shared) {
        this.routes = List.copyOf(routes);
        this.shared = shared;
        described = this.routes.stream().anyMatch(route -> route.template().equals("/openapi.json"));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            route(request, response, callback);
        } catch (RuntimeException | Error e) {
            ProblemResponse.write(request, response, callback, e, shared);
        }
        return true;
    }

    private void route(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        var methods = new LinkedHashSet<String>();
        for (Route route : routes) {
            Optional<Map<String, String>> names = route.match(path);
            if (names.isEmpty()) {
                continue;
            }
            AccessLog.route(request, route.template());
            if (route.takes(request.getMethod())) {
                var call = new Call(request, response, callback, names.get(), shared);
                try {
                    if (!route.query().containsKey(Route.ANY)) {
                        call.checkQuery(new ArrayList<>(route.query().keySet()));
                    }
                    route.handler().accept(call);
                } catch (RuntimeException | Error e) {
                    call.fail(e);
                }
                return;
            }
            methods.addAll(route.methods());
        }
        if (methods.isEmpty()) {
            throw Refusal.notFound("there is nothing at '%s'%s"
                    .formatted(Escaped.of(path), described ? ". GET /openapi.json lists all addresses" : ""));
        }
        response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods) + ", OPTIONS");
        if (request.getMethod().equals("OPTIONS")) {
            response.setStatus(204);
            callback.succeeded();
            return;
        }
        throw Refusal.of(
                405,
                "wrong-request",
                "%s: takes %s, not %s".formatted(path, String.join(" and ", methods), Escaped.of(request.getMethod())));
    }
}
