package dev.fovea.search;

import dev.fovea.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a search knows, on disk: written whole after every step, so that a search that was killed goes on with it.
 *
 * @param asked what is searched; a search that goes on must be the same
 * @param metric by which trials are compared, or empty before the first
 * @param trials in the order in which they began
 * @param seconds of all that was done so far
 */
record TrialTable(Asked asked, String metric, List<Trial> trials, double seconds) {

    /** Its name in the folder of a search. */
    static final String FILE = "search.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * What is searched.
     *
     * @param recipe as YAML, without what is varied
     * @param space each as {@link Setting#parse} takes it
     * @param data as the user named it
     * @param method {@code halving} or {@code random}
     */
    record Asked(String recipe, List<String> space, String data, String method, long seed) {
        Asked {
            space = List.copyOf(space);
        }
    }

    TrialTable {
        trials = List.copyOf(trials);
    }

    static boolean isAt(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /**
     * That of a folder.
     *
     * @throws IllegalArgumentException if there is none, or it is damaged
     */
    static TrialTable read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!isAt(folder)) {
            throw new IllegalArgumentException(
                    folder + ": not the folder of a search (no " + FILE + "). Name one that a search wrote");
        }
        try {
            return JSON.readValue(Files.readString(file), TrialTable.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    file + ": is damaged. Start the search anew in another folder", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    void write(Path folder) {
        AtomicFile.write(folder.resolve(FILE), JSON.writeValueAsString(this));
    }

    TrialTable with(List<Trial> all, String by, double inAll) {
        return new TrialTable(asked, by, all, inAll);
    }
}
