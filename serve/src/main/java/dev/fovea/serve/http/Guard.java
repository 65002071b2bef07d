package dev.fovea.serve.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Who may ask a server, and what browsers are told about its answers. */
public interface Guard {

    /** Puts the headers that every answer has, whatever becomes of its request. */
    void addHeaders(Response response);

    /**
     * The headers of every answer of a page that no other site may frame, read or add code to.
     *
     * @param content what the page may load, as Content-Security-Policy says it
     */
    static void harden(Response response, Settings settings, String content) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Content-Security-Policy", content);
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (settings.tls().isPresent()) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /** @throws Refusal if this request is not to be answered */
    void check(Request request, Response response);
}
