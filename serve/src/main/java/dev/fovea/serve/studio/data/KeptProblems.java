package dev.fovea.serve.studio.data;

import dev.fovea.io.AtomicFile;
import dev.fovea.run.Finding;
import dev.fovea.serve.studio.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was found about data sets, of each what the last check found. A check may take minutes, so it is also written into the
 * studio's own folder, for the next time that the data is opened. Thread-safe.
 */
public final class KeptProblems {

    private static final int IN_MEMORY = 16;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /**
     * What a check found.
     *
     * @param version of the images that were checked
     * @param check images, labels, train or boxes
     * @param by the model it was done with; empty of none
     */
    public record Checked(String version, String check, String by, List<Finding> findings, List<String> remarks) {

        public Checked {
            findings = List.copyOf(findings);
            remarks = List.copyOf(remarks);
        }
    }

    private final Workspace workspace;
    private final Map<String, Checked> last = new LinkedHashMap<>(16, 0.75f, true);

    KeptProblems(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Keeps what was found about a data set, which knows it from then on. */
    public synchronized void put(Opened data, Checked found) {
        remember(data.path(), found);
        data.takeProblems(found.findings(), workspace.root());
        if (workspace.writable()) {
            try {
                workspace.own();
                Path file = file(data.path());
                Files.createDirectories(file.getParent());
                AtomicFile.write(file, JSON.writeValueAsString(found));
            } catch (IOException | UncheckedIOException e) {
                // it holds until the studio ends
            }
        }
    }

    /** What was found; empty where nothing was looked for, or the images are others now. */
    public synchronized Optional<Checked> of(Opened data) {
        Checked found = last.get(data.path());
        if (found == null) {
            found = read(file(data.path())).orElse(null);
            if (found != null) {
                remember(data.path(), found);
            }
        }
        return Optional.ofNullable(found).filter(one -> one.version().equals(data.version()));
    }

    private void remember(String path, Checked found) {
        last.put(path, found);
        if (last.size() > IN_MEMORY) {
            last.remove(last.keySet().iterator().next());
        }
    }

    private static Optional<Checked> read(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(JSON.readValue(Files.readString(file), Checked.class))
                    : Optional.empty();
        } catch (JacksonException | IOException e) {
            return Optional.empty(); // damaged, or of another release: looked for again
        }
    }

    private Path file(String path) {
        return workspace
                .root()
                .resolve(Workspace.OWN)
                .resolve("problems")
                .resolve(UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)) + ".json");
    }
}
