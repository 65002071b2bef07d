package dev.fovea.serve.studio;

import dev.fovea.serve.http.Guard;
import dev.fovea.serve.http.LocalNames;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Settings;
import dev.fovea.serve.http.Tokens;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Who may send requests to the studio: its own page, in a browser that was let in. A cookie, which no page of another
 * site can send along, proves the browser; a token in a header, which no page of another site can read, proves the page.
 */
final class Session implements Guard {

    /** The header in which the page sends its token. */
    static final String HEADER = "X-Fovea-Token";

    private static final String CONTENT =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
                    + "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    private static final String API = "/api/";
    private static final String LOGIN = "/api/login";

    /** Addresses of images and links in the page, whose requests carry no header. */
    private static final Set<String> WITHOUT_HEADER = Set.of("/api/image", "/api/download");

    private final Settings settings;
    private final String cookie = Tokens.random();
    private final String token = Tokens.random();
    private final LoginTries tries = new LoginTries();

    Session(Settings settings) {
        this.settings = settings;
    }

    /** What the page sends in its header. */
    String token() {
        return token;
    }

    @Override
    public void addHeaders(Response response) {
        Guard.harden(response, settings, CONTENT);
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
    }

    @Override
    public void check(Request request, Response response) {
        String path = Request.getPathInContext(request);
        if (settings.token().isEmpty()) {
            LocalNames.check(request, settings.host());
        }
        if (Request.extractQueryParameters(request).getNames().contains("token")) {
            throw Refusal.wrong("a token does not belong into an address, which is kept in histories and logs. "
                    + "Open the page without it");
        }
        checkSite(request);
        if (!path.startsWith(API) || path.equals(LOGIN)) {
            return;
        }
        if (!hasCookie(request)) {
            throw Refusal.of(401, "session", "this is for the studio's page alone. Open the page, or load it again");
        }
        if (needsHeader(request, path) && !Tokens.same(request.getHeaders().get(HEADER), token)) {
            throw Refusal.of(401, "session", "the page is older than this studio. Load it again");
        }
    }

    private static boolean needsHeader(Request request, String path) {
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        return !reads || WITHOUT_HEADER.stream().noneMatch(own -> path.equals(own) || path.startsWith(own + "/"));
    }

    /** A page of another site, or of another server on this machine, may link here and do nothing else. */
    private static void checkSite(Request request) {
        HttpFields headers = request.getHeaders();
        String site = headers.get("Sec-Fetch-Site");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
        boolean visit = "navigate".equals(headers.get("Sec-Fetch-Mode"))
                && "document".equals(headers.get("Sec-Fetch-Dest"))
                && request.getMethod().equals("GET")
                && !Request.getPathInContext(request).startsWith(API);
        String origin = headers.get(HttpHeader.ORIGIN);
        if ((foreign && !visit)
                || (origin != null && !origin.toLowerCase(Locale.ROOT).equals(own(request)))) {
            throw Refusal.of(403, "cross-site", "pages of other sites may not ask this server");
        }
    }

    private static String own(Request request) {
        String scheme = request.isSecure() ? "https" : "http";
        return (scheme + "://" + request.getHeaders().get(HttpHeader.HOST)).toLowerCase(Locale.ROOT);
    }

    /** Whether the browser has been let in. */
    boolean hasCookie(Request request) {
        return Request.getCookies(request).stream()
                .anyMatch(one -> one.getName().equals(cookieName(request)) && Tokens.same(one.getValue(), cookie));
    }

    /** Whether the page is given to everybody who reaches it. */
    boolean open() {
        return settings.token().isEmpty();
    }

    /**
     * Lets a browser in that knows the token.
     *
     * @throws Refusal if it does not, or has tried too often
     */
    void logIn(Request request, Response response, String sent) {
        String address = Request.getRemoteAddr(request);
        tries.check(address);
        Optional<String> wanted = settings.token();
        if (wanted.isPresent() && !Tokens.same(sent, wanted.get())) {
            tries.failed(address);
            throw Refusal.of(
                    401,
                    "unauthorized",
                    "this is not the token of this studio. It stands in the terminal in which the studio runs, "
                            + "or in the token file that was given at its start");
        }
        letIn(request, response);
    }

    /** Gives the browser its cookie. */
    void letIn(Request request, Response response) {
        Response.addCookie(
                response,
                HttpCookie.build(cookieName(request), cookie)
                        .path("/")
                        .httpOnly(true)
                        .secure(settings.tls().isPresent())
                        .sameSite(HttpCookie.SameSite.STRICT)
                        .build());
    }

    /** Browsers share cookies among all ports of a host: each studio has its own name. */
    private static String cookieName(Request request) {
        return "fovea-" + Request.getLocalPort(request);
    }
}
