package dev.fovea.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/**
 * Sees a client hang up while its request is worked on: HTTP/1.1 servers read again only after the response. What a client
 * sends in the meantime, its next request, is handed on.
 */
final class HangUp implements Callback {

    private static final int PIECE = 4096;

    private final EndPoint endPoint;
    private final Connection.UpgradeTo connection;
    private final Runnable gone;
    private boolean over;

    private HangUp(EndPoint endPoint, Connection.UpgradeTo connection, Runnable gone) {
        this.endPoint = endPoint;
        this.connection = connection;
        this.gone = gone;
    }

    /**
     * A watch of the connection of a request whose body has been read, which has not begun yet.
     *
     * @param gone is run when the client has hung up
     * @return to be ended before the response is written
     */
    static HangUp of(Request request, Runnable gone) {
        Connection connection = request.getConnectionMetaData().getConnection();
        // Where the next request has come already, there is no room to hand over more of it.
        boolean empty = !(connection instanceof HttpConnection http) || http.isRequestBufferEmpty();
        return connection instanceof Connection.UpgradeTo reader && empty
                ? new HangUp(connection.getEndPoint(), reader, gone)
                : new HangUp(null, null, gone);
    }

    /** Watches, from now on, unless it is over already. */
    synchronized void begin() {
        if (endPoint != null && !over) {
            endPoint.tryFillInterested(this);
        }
    }

    /** Hands the connection back to its owner. */
    synchronized void end() {
        if (over) {
            return;
        }
        over = true;
        if (endPoint instanceof AbstractEndPoint own && own.isFillInterested()) {
            own.getFillInterest().onFail(new IOException("the response begins"));
        }
    }

    @Override
    public void succeeded() {
        if (read()) {
            gone.run();
        }
    }

    /** Whether the client has hung up. */
    private synchronized boolean read() {
        if (over) {
            return false;
        }
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        piece.limit(0); // as Jetty has its buffers: empty, to be appended to
        try {
            int filled = endPoint.fill(piece);
            if (filled == 0) {
                endPoint.tryFillInterested(this);
            } else if (filled > 0) {
                over = true;
                connection.onUpgradeTo(piece);
            }
            return filled < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** The end of the watch, or of the connection, of which others hear too. */
    @Override
    public void failed(Throwable cause) {
        boolean lost;
        synchronized (this) {
            lost = !over;
            over = true;
        }
        if (lost) {
            gone.run();
        }
    }
}
