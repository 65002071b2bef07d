package dev.fovea.serve.studio;

import dev.fovea.serve.http.Guard;
import dev.fovea.serve.http.LocalNames;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Who may ask the studio: its own page, in a browser that has been there. A cookie says the one, which no page of another
 * site can send along, and a token in a header the other, which no page of another site can read.
 */
final class Session implements Guard {

    /** In which the page sends its token back. */
    static final String HEADER = "X-Fovea-Token";

    private static final String CONTENT =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
                    + "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    private static final String API = "/api/";
    private static final String LOGIN = "/api/login";

    /** What an image or a link in the page asks for, which can carry no header. */
    private static final Set<String> WITHOUT_HEADER = Set.of("/api/image", "/api/download");

    private static final int BYTES = 24;

    private final Settings settings;
    private final String cookie = random();
    private final String token = random();
    private final LoginTries tries = new LoginTries();

    Session(Settings settings) {
        this.settings = settings;
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What the page sends in its header. */
    String token() {
        return token;
    }

    @Override
    public void addHeaders(Response response) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Content-Security-Policy", CONTENT);
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (settings.tls().isPresent()) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
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
        if (needsHeader(request, path) && !same(request.getHeaders().get(HEADER), token)) {
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
                .anyMatch(one -> one.getName().equals(cookieName(request)) && same(one.getValue(), cookie));
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
        tries.check();
        Optional<String> wanted = settings.token();
        if (wanted.isPresent() && !same(sent, wanted.get())) {
            tries.failed();
            throw Refusal.of(
                    401,
                    "unauthorized",
                    "this is not the token of this studio. The terminal in which it runs says it, "
                            + "or the file that was named for it");
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

    /** Compared by digests, in a time that says nothing about where they differ. */
    private static boolean same(String sent, String wanted) {
        return sent != null && MessageDigest.isEqual(digest(sent), digest(wanted));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
