package dev.fovea.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all: written beside their place, synced, then renamed. */
public final class AtomicFile {

    /** What fills a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes {@code content} to {@code file}; an older file stays until the new one is complete.
     *
     * @throws UncheckedIOException if it cannot be written, a full disk included; nothing is left behind
     */
    public static void write(Path file, Content content) {
        Path target = file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            try (var channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            discard(temporary);
            if (!Files.isDirectory(target.getParent())) {
                throw new UncheckedIOException(
                        "%s: cannot be written, there is no folder %s".formatted(file, target.getParent()),
                        new IOException(e));
            }
            if (e instanceof IOException io) {
                throw new UncheckedIOException(
                        "%s: cannot be written (%s). What was there before is unchanged"
                                .formatted(file, io.getMessage()),
                        io);
            }
            throw (RuntimeException) e;
        }
    }

    /** Writes text as UTF-8. */
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes bytes. */
    public static void write(Path file, byte[] bytes) {
        write(file, channel -> {
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // the first failure is the one to report
        }
    }
}
