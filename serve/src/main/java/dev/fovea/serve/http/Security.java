package dev.fovea.serve.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
    private final byte[] token;

    Security(Settings settings) {
        this.settings = settings;
        token = settings.token().map(Security::digest).orElse(null);
    }

    @Override
    public void addHeaders(Response response) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Content-Security-Policy", CONTENT);
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (settings.tls().isPresent()) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
    }

    @Override
    public void check(Request request, Response response) {
        HttpFields headers = request.getHeaders();
        if ("cross-site".equals(headers.get("Sec-Fetch-Site")) && !isOpen(request)) {
            throw Refusal.of(403, "cross-site", "pages of other sites may not ask this server");
        }
        if (token != null) {
            checkToken(request, response);
        } else if (settings.tls().isEmpty()) {
            LocalNames.check(request, settings.host());
        }
    }

    private void checkToken(Request request, Response response) {
        String sent = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean bearer = sent != null && sent.toLowerCase(Locale.ROOT).startsWith(BEARER);
        // Compared by digests, in a time that says nothing about where they differ.
        if (bearer
                && MessageDigest.isEqual(
                        token, digest(sent.substring(BEARER.length()).strip()))) {
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

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
