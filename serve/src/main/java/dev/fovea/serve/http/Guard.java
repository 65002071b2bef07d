package dev.fovea.serve.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Who may ask a server, and what browsers are told about its answers. */
public interface Guard {

    /** Puts the headers that every answer has, whatever becomes of its request. */
    void addHeaders(Response response);

    /** @throws Refusal if this request is not to be answered */
    void check(Request request, Response response);
}
