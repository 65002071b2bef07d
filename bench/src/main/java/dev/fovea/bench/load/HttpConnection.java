package dev.fovea.bench.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A connection that is kept and sends one request after another: what a client must do at least, so that it takes little of the
 * processor that the server needs, and can be cut off in the middle.
 */
final class HttpConnection implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int LONGEST_LINE = 1 << 16;

    /** An answer. */
    record Response(int status, String body) {}

    private final Socket socket = new Socket();
    private final String head;
    private final InputStream in;
    private final OutputStream out;
    private boolean last;

    HttpConnection(URI address, int readMillis) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(readMillis);
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 13);
        out = socket.getOutputStream();
        head = "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                .formatted(address.getRawPath(), address.getAuthority());
    }

    /** Sends a request and leaves without waiting for its answer. */
    void abandon(byte[] body) throws IOException {
        send(body);
        close();
    }

    /** Whether the server has said that it answers nothing more here. */
    boolean ended() {
        return last || socket.isClosed();
    }

    Response post(byte[] body) throws IOException {
        send(body);
        String status = line();
        int length = -1;
        boolean chunked = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")) {
                length = Integer.parseInt(value(field));
            } else if (field.startsWith("transfer-encoding:")) {
                chunked = value(field).equals("chunked");
            } else if (field.startsWith("connection:")) {
                last = value(field).equals("close");
            }
        }
        String[] words = status.split(" ");
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("no HTTP: " + status);
        }
        return new Response(Integer.parseInt(words[1]), chunked ? chunks() : text(Math.max(0, length)));
    }

    private static String value(String field) {
        return field.substring(field.indexOf(':') + 1).strip();
    }

    /** In one piece: two would be two packets. */
    private void send(byte[] body) throws IOException {
        byte[] start = (head + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        out.write(all);
        out.flush();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server has closed the connection");
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("a line of the head without end");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private String text(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the server has closed the connection within an answer");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String chunks() throws IOException {
        var all = new StringBuilder();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            all.append(text(length));
            line();
        }
        line();
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
