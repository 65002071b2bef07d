package dev.fovea.serve.studio;

import dev.fovea.io.OutsideException;
import dev.fovea.io.Reason;
import dev.fovea.serve.http.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Messages about files that cannot be read or written. */
public final class Storage {

    private static final int FULL = 507;

    private Storage() {}

    public static Refusal refusal(IOException e) {
        if (e instanceof OutsideException) {
            return outside();
        }
        String file = e instanceof FileSystemException named && named.getFile() != null ? named.getFile() + ": " : "";
        return refusal(e, file + (e instanceof NoSuchFileException ? "no such file, was it moved?" : Reason.of(e)));
    }

    /** For a message that names the file already. */
    public static Refusal refusal(UncheckedIOException e) {
        return refusal(e.getCause(), e.getMessage());
    }

    private static Refusal outside() {
        return Refusal.of(
                403,
                "outside",
                "a file leads out of the workspace by a link. Put what it points to in its place, or remove the link");
    }

    private static Refusal refusal(IOException cause, String sentence) {
        if (cause instanceof OutsideException) {
            return outside();
        }
        String reason = Reason.of(cause).toLowerCase(Locale.ROOT);
        if (reason.contains("no space left") || reason.contains("not enough space") || reason.contains("quota")) {
            return Refusal.of(
                    FULL, "disk-full", "the disk is full (%s). Free some space, then try again".formatted(sentence));
        }
        if (reason.contains("read-only")) {
            return Refusal.of(
                    409,
                    "read-only",
                    "the disk may only be read (%s). Open a folder that can be written".formatted(sentence));
        }
        return Refusal.of(cause instanceof NoSuchFileException ? 404 : 500, "storage", sentence);
    }
}
