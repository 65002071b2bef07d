package dev.fovea.serve.studio;

import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** The addresses of the views: each returns the same page, which then shows the view of its address. */
final class Pages {

    static final List<String> VIEWS = List.of(
            "/",
            "/data",
            "/data/view",
            "/data/edit",
            "/data/map",
            "/data/problems",
            "/train",
            "/queue",
            "/runs",
            "/run",
            "/compare",
            "/evaluate",
            "/try",
            "/export");

    private static final int MOST_LOGIN = 1024;

    private static final String HTML = "text/html;charset=utf-8";

    private final Session session;
    private final String page = Assets.text("index.html");
    private final String login = Assets.text("login.html");

    Pages(Session session) {
        this.session = session;
    }

    List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (String view : VIEWS) {
            routes.add(
                    Route.get(view, "The page", this::show).giving("text/html").with(Route.ANY, "what the view shows"));
        }
        routes.add(
                Route.post("/api/login", "Lets a browser in that knows the token: {\"token\": \"...\"}", this::logIn));
        return routes;
    }

    /** There is no such address, as somebody may type it: said by the page to a browser. */
    void none(Call call) {
        if (!String.valueOf(call.request().getHeaders().get(HttpHeader.ACCEPT)).contains("text/html")) {
            throw Refusal.notFound(
                    "there is nothing at '%s'".formatted(Escaped.of(Request.getPathInContext(call.request()))));
        }
        show(call, 404);
    }

    private void show(Call call) {
        show(call, 200);
    }

    private void show(Call call, int status) {
        if (session.open()) {
            session.letIn(call.request(), call.response());
        } else if (!session.hasCookie(call.request())) {
            call.bytes(200, HTML, login.getBytes(StandardCharsets.UTF_8));
            return;
        }
        call.bytes(status, HTML, page.replace("{token}", session.token()).getBytes(StandardCharsets.UTF_8));
    }

    private void logIn(Call call) {
        long length =
                call.request().getLength(); // of somebody who was not let in: no more is read than a token is long
        if (length < 0 || length > MOST_LOGIN) {
            throw Refusal.tooLarge("expected a token in no more than %s bytes".formatted(MOST_LOGIN));
        }
        Answers.respond(call, call.object().thenApply(body -> {
            session.logIn(call.request(), call.response(), body.path("token").asString(""));
            return Map.of("in", true);
        }));
    }
}
