package dev.fovea.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Files that have an end: devices and pipes, which may never give one, and folders are refused by what they are. */
public final class RegularFile {

    private static final int PIECE = 1 << 20;

    private RegularFile() {}

    /**
     * The whole content of {@code file}, or of what it links to.
     *
     * @param mostBytes larger files are refused before they are read
     * @throws IOException whose message is the reason alone, to be put behind the file's name
     */
    public static byte[] read(Path file, long mostBytes) throws IOException {
        check(file);
        try {
            long size = Files.size(file);
            if (size > mostBytes) {
                throw new IOException(
                        "%s MB are more than the %s MB allowed".formatted(size / 1_000_000, mostBytes / 1_000_000));
            }
            return content(file, Math.toIntExact(size));
        } catch (AccessDeniedException e) {
            throw new IOException("no permission to read it", e);
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        }
    }

    /** Piece by piece: Java's own way takes as much memory again, outside its heap, and keeps it for the thread. */
    private static byte[] content(Path file, int size) throws IOException {
        byte[] bytes = new byte[size];
        int done = 0;
        try (InputStream in = Files.newInputStream(file)) {
            int read = 0;
            while (done < size && read >= 0) {
                read = in.read(bytes, done, Math.min(PIECE, size - done));
                done += Math.max(0, read);
            }
        }
        return done == size ? bytes : Arrays.copyOf(bytes, done);
    }

    /**
     * The text of {@code file} in UTF-8.
     *
     * @throws OutsideException if it leads out of a {@link ClosedFolder}
     */
    public static String text(Path file) throws IOException {
        ClosedFolder.check(file);
        return Files.readString(file);
    }

    /** @throws IOException if {@code file} is not there, no file that has an end, or leads out of a {@link ClosedFolder} */
    public static void check(Path file) throws IOException {
        ClosedFolder.check(file);
        if (Files.isRegularFile(file)) {
            return;
        }
        if (Files.isDirectory(file)) {
            throw new IOException("a folder, not a file");
        }
        if (Files.exists(file)) {
            throw new IOException("a device or a pipe, not a regular file");
        }
        throw new IOException(
                Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "a link to a file that is not there" : "no such file");
    }
}
