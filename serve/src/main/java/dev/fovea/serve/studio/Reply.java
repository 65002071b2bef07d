package dev.fovea.serve.studio;

import dev.fovea.io.ClosedFolder;
import dev.fovea.serve.http.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that is more than a JSON object with status 200.
 *
 * @param headers in addition to the usual ones
 */
public record Reply(Body body, Map<String, String> headers) {

    /** How the answer is written. */
    interface Body {
        void write(Call call) throws IOException;
    }

    public static Reply bytes(String type, byte[] bytes) {
        return new Reply(call -> call.bytes(200, type, bytes), Map.of());
    }

    /** Without a body. */
    public static Reply empty(int status) {
        return new Reply(call -> call.empty(status), Map.of());
    }

    /** A file that the browser saves under {@code name}. */
    public static Reply download(Path file, String type, String name) {
        Body body = call -> {
            ClosedFolder.check(file);
            call.file(file, type);
        };
        return new Reply(body, Map.of()).with("Content-Disposition", attached(name));
    }

    /** The same for bytes in memory. */
    public static Reply download(byte[] bytes, String type, String name) {
        return bytes(type, bytes).with("Content-Disposition", attached(name));
    }

    private static String attached(String name) {
        String ascii = name.replaceAll("[^A-Za-z0-9._ -]", "_");
        return "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(ascii, encoded(name));
    }

    private static String encoded(String name) {
        var out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || b == '.';
            out.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
        }
        return out.toString();
    }

    /**
     * Bytes that the browser caches and revalidates.
     *
     * @param tag their ETag, without quotes
     */
    public static Reply cached(Call call, String tag, String type, byte[] bytes) {
        Reply reply = knows(call, tag) ? empty(304) : bytes(type, bytes);
        return reply.with("ETag", quoted(tag)).with("Cache-Control", "private, no-cache");
    }

    /** Whether the browser has this version already: then nothing needs to be read, and the answer is {@link #unchanged}. */
    public static boolean knows(Call call, String tag) {
        return call.header("If-None-Match")
                .filter(sent -> sent.contains(quoted(tag)))
                .isPresent();
    }

    public static Reply unchanged(String tag) {
        return empty(304).with("ETag", quoted(tag)).with("Cache-Control", "private, no-cache");
    }

    private static String quoted(String tag) {
        return "\"" + tag + "\"";
    }

    public Reply with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(body, more);
    }

    void write(Call call) throws IOException {
        headers.forEach(call::put);
        body.write(call);
    }
}
