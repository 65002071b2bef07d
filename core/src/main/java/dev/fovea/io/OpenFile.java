package dev.fovea.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of weights while it is read. */
final class OpenFile {

    private OpenFile() {}

    /** What is made of an open file. */
    @FunctionalInterface
    interface Reading<T> {
        T of(Path file, FileChannel channel) throws IOException;
    }

    /**
     * Opens a file, reads from it, closes it.
     *
     * @throws FormatException if it is no regular file: a pipe would be waited for
     * @throws UncheckedIOException if it cannot be read
     */
    static <T> T with(Path file, Reading<T> reading) {
        if (!Files.exists(file)) {
            throw new UncheckedIOException(
                    file + ": cannot be read, there is no such file", new NoSuchFileException(file.toString()));
        }
        if (!Files.isRegularFile(file)) {
            throw new FormatException(file + ": not a file of weights, it is a folder, a pipe or a device");
        }
        try {
            ClosedFolder.check(file);
        } catch (OutsideException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return reading.of(file, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** {@code count} bytes from {@code position} on, little end first. */
    static ByteBuffer bytes(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, position, bytes);
        return bytes.flip();
    }

    /** Fills a buffer to its limit with what lies in the file from {@code position} on. */
    static void fill(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, at);
            if (read < 0) {
                throw new IOException("it ends too soon");
            }
            at += read;
        }
    }
}
