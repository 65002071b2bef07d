package dev.fovea.serve.http;

import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;

/**
 * The trace that a request belongs to, <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>, as
 * OpenTelemetry sends it. It is handed back and logged; no spans are made.
 *
 * @param parent the header {@code traceparent}
 * @param state the header {@code tracestate}, which may be empty
 */
record TraceContext(String parent, String state) {

    static final String PARENT = "traceparent";
    static final String STATE = "tracestate";

    private static final Pattern VALID =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int LONGEST_STATE = 512;

    /** None where the header is missing or not valid: such a one is to be ignored. */
    static Optional<TraceContext> of(HttpFields headers) {
        String parent = headers.get(PARENT);
        if (parent == null || !VALID.matcher(parent).matches()) {
            return Optional.empty();
        }
        String state = headers.get(STATE);
        return Optional.of(new TraceContext(parent, state == null || state.length() > LONGEST_STATE ? "" : state));
    }

    String traceId() {
        return parent.substring(3, 35);
    }

    String spanId() {
        return parent.substring(36, 52);
    }
}
