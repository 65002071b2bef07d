package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import org.eclipse.jetty.server.Request;

/**
 * By what names a server that is open to this machine alone is asked: a page of another site could have its own name lead
 * here.
 */
public final class LocalNames {

    private LocalNames() {}

    /**
     * @param bound address that the server listens on
     * @throws Refusal if the request asks for a host of another name
     */
    public static void check(Request request, String bound) {
        String host = Request.getServerName(request);
        String bare = host == null ? "" : host.replaceAll("^\\[|\\]$", "");
        boolean own = bare.equals("localhost")
                || bare.equals("::1")
                || bare.equals("0:0:0:0:0:0:0:1")
                || bare.matches("127(\\.\\d{1,3}){3}")
                || bare.equals(bound);
        if (!own) {
            throw Refusal.of(
                    421,
                    "wrong-host",
                    "this server answers to localhost alone, not to '%s'".formatted(Escaped.of(bare)));
        }
    }
}
