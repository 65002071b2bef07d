package dev.fovea.serve.studio;

import dev.fovea.data.DataException;
import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** Unexpected errors: written to a file for whoever fixes them, while the page gets a sentence. Thread-safe. */
public final class Faults {

    private static final String FILE = "studio.log";
    private static final long LARGEST = 5 << 20;

    private final Workspace workspace;

    Faults(Workspace workspace) {
        this.workspace = workspace;
    }

    /**
     * The sentence for a person about {@code thrown}; if it was not foreseen, it is written down, too.
     *
     * @param where in a few words, such as "job 7"
     */
    public String sentence(String where, Throwable thrown) {
        String message = thrown.getMessage() == null ? "" : Escaped.line(thrown.getMessage());
        if (foreseen(thrown) && !message.isBlank()) {
            return message.replace(workspace.root() + "/", ""); // as the page names things
        }
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        boolean kept = write("%s %s: %s".formatted(Instant.now(), where, trace));
        return "it failed unexpectedly (%s)%s"
                .formatted(
                        thrown.getClass().getSimpleName(),
                        kept ? ". %s/%s says where, at %s".formatted(Workspace.OWN, FILE, where) : "");
    }

    private static boolean foreseen(Throwable thrown) {
        return thrown instanceof IllegalArgumentException
                || thrown instanceof Refusal
                || thrown instanceof DataException
                || thrown.getClass().getName().startsWith("dev.fovea.");
    }

    /** Whether it could be. */
    synchronized boolean write(String text) {
        if (!workspace.writable()) {
            return false;
        }
        try {
            Path file = workspace.own().resolve(FILE);
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                Files.move(file, file.resolveSibling(FILE + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return true;
        } catch (IOException e) {
            return false; // such as a full disk; the page gets its sentence all the same
        }
    }
}
