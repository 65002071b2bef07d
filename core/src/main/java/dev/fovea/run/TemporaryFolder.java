package dev.fovea.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A folder that is removed, with what is in it, when closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

    public static TemporaryFolder create() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("fovea-run"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder: " + e.getMessage(), e);
        }
    }

    /**
     * One of that name, for what is moved elsewhere on the same disk once it is complete; what an earlier process has left there is
     * removed.
     */
    public static TemporaryFolder in(Path path) {
        var folder = new TemporaryFolder(path);
        if (Files.exists(path)) {
            folder.close();
        }
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be made (" + e.getMessage() + ")", e);
        }
        return folder;
    }

    @Override
    public void close() {
        try (var paths = Files.walk(path)) {
            for (Path file : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be removed (" + e.getMessage() + ")", e);
        }
    }
}
