package dev.fovea.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/** Files that are there whole or not at all: written beside their place, synced, then renamed. */
public final class AtomicFile {

    /** What fills a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    /** A name of its own for each write: two that write one file at once each write it whole. */
    private static final String PART = ".fovea-";

    private static final String PART_END = ".part";

    private AtomicFile() {}

    /**
     * Writes {@code content} to {@code file}; an older file stays until the new one is complete.
     *
     * @throws UncheckedIOException if it cannot be written, a full disk included; nothing is left behind
     */
    public static void write(Path file, Content content) {
        write(file, content, true);
    }

    /**
     * The same without waiting for the disk, for what is written often and worth nothing after a power cut: readers see the old
     * file or the new one, whole.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static void replace(Path file, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(file, channel -> writeAll(channel, bytes), false);
    }

    private static void write(Path file, Content content, boolean synced) {
        Path target = file.toAbsolutePath();
        refuseFolder(file);
        Path temporary = target.resolveSibling(
                PART + Long.toHexString(ThreadLocalRandom.current().nextLong()) + PART_END);
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                if (synced) {
                    channel.force(true);
                }
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

    /**
     * Refuses a name under which a folder lies, or a link to one, which renaming would replace.
     *
     * @throws UncheckedIOException if {@code file} is a folder
     */
    public static void refuseFolder(Path file) {
        if (Files.isDirectory(file)) {
            throw new UncheckedIOException(
                    "%s: cannot be written, it is a folder. Name a file in it".formatted(file), new IOException());
        }
    }

    /** Writes text as UTF-8. */
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes bytes. */
    public static void write(Path file, byte[] bytes) {
        write(file, channel -> writeAll(channel, bytes));
    }

    private static void writeAll(WritableByteChannel channel, byte[] bytes) throws IOException {
        var rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /**
     * Removes a file, if it is there.
     *
     * @throws UncheckedIOException if it cannot be removed
     */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be removed (%s)".formatted(file, Reason.of(e)), e);
        }
    }

    /**
     * Removes what writes that never came to their end have left in {@code folder}; only where no other process is writing.
     */
    public static void sweep(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var parts = Files.newDirectoryStream(folder, PART + "*" + PART_END)) {
            parts.forEach(AtomicFile::discard);
        } catch (IOException | DirectoryIteratorException e) {
            // they take room, nothing more
        }
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // the first failure is the one to report
        }
    }
}
