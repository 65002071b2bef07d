package dev.fovea.run.queue;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The file that a queue is kept in. One that cannot be read is moved aside, never written over. */
final class QueueFile {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path file;
    private final List<QueuedRun> entries;
    private String problem = "";
    private boolean inTheWay;

    QueueFile(Path file) {
        this.file = file;
        entries = read();
    }

    private List<QueuedRun> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return List.of(JSON.readValue(Files.readString(file), QueuedRun[].class));
        } catch (JacksonException | IOException | NullPointerException e) {
            problem = aside();
            return List.of(); // the runs themselves are where they are
        }
    }

    private String aside() {
        String why = "%s: is damaged or of a newer version, so the queue is empty. ".formatted(file);
        Path to = free();
        try {
            Files.move(file, to);
            return why + "It was renamed to %s".formatted(to.getFileName());
        } catch (IOException e) {
            inTheWay = true;
            return why + "Move it away, then begin again (it cannot be renamed: %s)".formatted(Reason.of(e));
        }
    }

    private Path free() {
        for (int n = 1; ; n++) {
            Path to = file.resolveSibling(file.getFileName() + (n == 1 ? ".damaged" : ".damaged-" + n));
            if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                return to;
            }
        }
    }

    /** What was in it. */
    List<QueuedRun> entries() {
        return entries;
    }

    /** What was wrong with it, in sentences; or empty. */
    String problem() {
        return problem;
    }

    /**
     * @throws IllegalStateException if one that cannot be read is in the way
     * @throws UncheckedIOException if it cannot be written
     */
    void write(List<QueuedRun> now) {
        if (inTheWay) {
            throw new IllegalStateException(problem);
        }
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be made (%s)".formatted(folder, Reason.of(e)), e);
        }
        AtomicFile.write(file, JSON.writeValueAsString(now));
    }
}
