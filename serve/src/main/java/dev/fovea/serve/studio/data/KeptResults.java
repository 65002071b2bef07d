package dev.fovea.serve.studio.data;

import dev.fovea.data.DataStamp;
import dev.fovea.io.AtomicFile;
import dev.fovea.serve.studio.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * What work of minutes has come to, one result for each data set: in memory and in the studio's own folder, for the next time that the
 * data is opened. It holds as long as the data stays the same. Thread-safe.
 *
 * @param <T> the result, a record that JSON can be made of
 */
final class KeptResults<T> {

    /** Of the files: one of another is as if it were not there. */
    private static final int FORMAT = 1;

    private static final int IN_MEMORY = 16;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** @param data the state of the data that the result is of */
    record Kept<T>(int format, DataStamp data, T result) {}

    private final Workspace workspace;
    private final String kind;
    private final JavaType type;
    private final Map<String, Kept<T>> last = new LinkedHashMap<>(16, 0.75f, true);

    /** @param kind of work, by which its files are told from others */
    KeptResults(Workspace workspace, String kind, Class<T> type) {
        this.workspace = workspace;
        this.kind = kind;
        this.type = JSON.getTypeFactory().constructParametricType(Kept.class, type);
    }

    /** Keeps the result for a data set, in place of the one before. */
    synchronized void put(Opened data, T result) {
        var kept = new Kept<>(FORMAT, data.stamp(), result);
        remember(data.path(), kept);
        if (workspace.writable()) {
            try {
                workspace.own();
                Path file = file(data.path());
                Files.createDirectories(file.getParent());
                AtomicFile.write(file, JSON.writeValueAsBytes(kept));
            } catch (IOException | UncheckedIOException e) {
                // it holds until the studio ends
            }
        }
    }

    /** The result; empty where there is none yet, or the data has changed since. */
    synchronized Optional<T> of(Opened data) {
        Kept<T> kept = last.get(data.path());
        if (kept == null) {
            kept = read(file(data.path())).orElse(null);
            if (kept != null) {
                remember(data.path(), kept);
            }
        }
        return Optional.ofNullable(kept)
                .filter(one -> one.data().equals(data.stamp()))
                .map(Kept::result);
    }

    private void remember(String path, Kept<T> kept) {
        last.put(path, kept);
        if (last.size() > IN_MEMORY) {
            last.remove(last.keySet().iterator().next());
        }
    }

    private Optional<Kept<T>> read(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.<Kept<T>>ofNullable(JSON.readValue(Files.readAllBytes(file), type))
                            .filter(one -> one.format() == FORMAT)
                    : Optional.empty();
        } catch (JacksonException | IOException e) {
            return Optional.empty(); // damaged: the work is done again
        }
    }

    private Path file(String path) {
        return workspace
                .root()
                .resolve(Workspace.OWN)
                .resolve(kind)
                .resolve(UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)) + ".json");
    }
}
