package dev.fovea.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The bytes of pickle streams in a file, from a position on; nothing is allocated that the file is too short for. */
final class PickleBytes {

    /** A checkpoint of 100,000 tensors has pickles of about ten megabytes. */
    private static final long MOST = 16 << 20;

    private static final int WINDOW = 1 << 14;

    private final Path file;
    private final FileChannel channel;
    private final long end;
    private final long last;
    private long next;
    private ByteBuffer window = ByteBuffer.allocate(0);

    /** @param end of the pickles, exclusive */
    PickleBytes(Path file, FileChannel channel, long start, long end) {
        this.file = file;
        this.channel = channel;
        this.next = start;
        this.end = end;
        this.last = Math.min(end, start + MOST);
    }

    Path file() {
        return file;
    }

    /** The position in the file of the next byte. */
    long position() {
        return next - window.remaining();
    }

    int next() throws IOException {
        need(1);
        return window.get() & 0xFF;
    }

    /** A number of that many bytes, little end first, without sign; of eight bytes the sign is the top bit's. */
    long number(int bytes) throws IOException {
        need(bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (window.get() & 0xFFL) << (8 * i);
        }
        return value;
    }

    byte[] bytes(long count) throws IOException {
        if (count < 0 || count > last - position()) {
            throw tooShort();
        }
        byte[] all = new byte[(int) count];
        int done = 0;
        while (done < all.length) {
            need(1);
            int some = Math.min(window.remaining(), all.length - done);
            window.get(all, done, some);
            done += some;
        }
        return all;
    }

    String text(long count) throws IOException {
        return new String(bytes(count), StandardCharsets.UTF_8);
    }

    /** To the end of the line. */
    String line() throws IOException {
        var line = new StringBuilder();
        for (int c = next(); c != '\n'; c = next()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private void need(int bytes) throws IOException {
        if (window.remaining() >= bytes) {
            return;
        }
        if (bytes > last - position()) {
            throw tooShort();
        }
        int some = (int) Math.min(WINDOW, last - position());
        long from = position();
        window = OpenFile.bytes(channel, from, some);
        next = from + some;
    }

    private FormatException tooShort() {
        return new FormatException(
                last < end
                        ? "%s: its pickle is of more than %s bytes, which no file of weights needs"
                                .formatted(file, MOST)
                        : "%s: it ends in the middle of its pickle: the file is cut short or damaged".formatted(file));
    }
}
