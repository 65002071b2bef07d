package dev.fovea.serve.http;

import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Who may ask, and what browsers are told about the answers. */
final class Security implements Guard {

    /** Of a page without anything from elsewhere, and without code in it. */
    private static final String CONTENT =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
                    + "form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    /** What has no secrets: whether the server lives, and the page on which a token is typed. */
    private static final Set<String> OPEN =
            Set.of("/", "/page.js", "/page.css", "/favicon.svg", "/v2/health/live", "/v2/health/ready");

    private static final String BEARER = "bearer ";

    private final Settings settings;

    Security(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void addHeaders(Response response) {
        Guard.harden(response, settings, CONTENT);
    }

    @Override
    public void check(Request request, Response response) {
        HttpFields headers = request.getHeaders();
        if ("cross-site".equals(headers.get("Sec-Fetch-Site")) && !isOpen(request)) {
            throw Refusal.of(403, "cross-site", "pages of other sites may not ask this server");
        }
        if (settings.token().isPresent()) {
            checkToken(request, response, settings.token().get());
        } else if (settings.tls().isEmpty()) {
            LocalNames.check(request, settings.host());
        }
    }

    private static void checkToken(Request request, Response response, String token) {
        String sent = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean bearer = sent != null && sent.toLowerCase(Locale.ROOT).startsWith(BEARER);
        if (bearer && Tokens.same(sent.substring(BEARER.length()).strip(), token)) {
            return;
        }
        if (isOpen(request)) {
            return;
        }
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"fovea\"");
        throw Refusal.of(
                401,
                "unauthorized",
                bearer
                        ? "the token is not that of this server"
                        : "this server demands a token. Send the header `Authorization: Bearer TOKEN`");
    }

    private static boolean isOpen(Request request) {
        return OPEN.contains(Request.getPathInContext(request));
    }
}
