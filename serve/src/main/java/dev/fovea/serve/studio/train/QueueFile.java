package dev.fovea.serve.studio.train;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.Reason;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The file that a queue is kept in. One that cannot be read is moved aside, never written over. */
final class QueueFile {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Supplier<Path> file;
    private final List<QueuedRun> entries;
    private String problem = "";
    private boolean inTheWay;

    /** @param kept the same file, for reading, if it is there */
    QueueFile(Supplier<Path> file, Path kept) {
        this.file = file;
        entries = read(kept);
    }

    private List<QueuedRun> read(Path kept) {
        if (!Files.exists(kept)) {
            return List.of();
        }
        try {
            return List.of(JSON.readValue(Files.readString(kept), QueuedRun[].class));
        } catch (JacksonException | IOException | NullPointerException e) {
            problem = aside(kept);
            return List.of(); // the runs themselves are where they are
        }
    }

    private String aside(Path kept) {
        String why = "%s: is damaged or of a newer version, so the queue is empty. ".formatted(kept);
        Path to = free(kept);
        try {
            Files.move(kept, to);
            return why + "It was renamed to %s".formatted(to.getFileName());
        } catch (IOException e) {
            inTheWay = true;
            return why + "Move it away, then open the studio again (it cannot be renamed: %s)".formatted(Reason.of(e));
        }
    }

    private static Path free(Path kept) {
        for (int n = 1; ; n++) {
            Path to = kept.resolveSibling(kept.getFileName() + (n == 1 ? ".damaged" : ".damaged-" + n));
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

    /** @throws Refusal if it cannot be written */
    void write(List<QueuedRun> now) {
        if (inTheWay) {
            throw Refusal.of(409, "storage", problem);
        }
        try {
            AtomicFile.write(file.get(), JSON.writeValueAsString(now));
        } catch (UncheckedIOException e) {
            throw Storage.refusal(e);
        }
    }
}
