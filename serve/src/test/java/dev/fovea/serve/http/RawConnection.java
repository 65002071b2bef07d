package dev.fovea.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Bytes to a server and back, valid HTTP or not. */
public final class RawConnection implements AutoCloseable {

    private final Socket socket;

    public RawConnection(URI address) throws IOException {
        socket = new Socket(address.getHost(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
    }

    /** A request with a file as its body. */
    static byte[] put(String path, byte[] body) {
        byte[] head = "PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %s\r\n\r\n"
                .formatted(path, body.length)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All until the server closes the connection, or says nothing more for so long. */
    public String rest(int millis) throws IOException {
        socket.setSoTimeout(millis);
        var text = new StringBuilder();
        InputStream in = socket.getInputStream();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                text.append((char) c);
            }
        } catch (SocketTimeoutException e) {
            // it says nothing more
        }
        return text.toString();
    }

    /** All until {@code text} has come. */
    public String until(String text) throws IOException {
        var said = new StringBuilder();
        while (said.indexOf(text) < 0) {
            int c = socket.getInputStream().read();
            if (c < 0) {
                throw new IOException("the server closed the connection after " + said);
            }
            said.append((char) c);
        }
        return said.toString();
    }

    /** Whether the server closes the connection within such a time. */
    boolean closed(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            for (int c = socket.getInputStream().read();
                    c >= 0;
                    c = socket.getInputStream().read()) {
                // what it says before
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
