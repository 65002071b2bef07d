package dev.fovea.search;

import dev.fovea.io.AtomicFile;
import dev.fovea.run.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All trials of a search, on disk: written whole after each step, so that a search that was killed goes on with them.
 *
 * @param asked what is searched; a search that goes on must be the same
 * @param metric of the validation, empty before the first trial is done
 * @param trials in their order, numbered from 1
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
     * @param recipe as YAML
     * @param space each as {@link Setting#parse} takes it
     * @param data as the user named it
     * @param weights files that every trial starts from
     * @param method {@code halving} or {@code random}
     */
    record Asked(String recipe, List<String> space, String data, List<String> weights, String method, long seed) {
        Asked {
            space = List.copyOf(space);
            weights = List.copyOf(weights);
        }

        /** In what another search is not this one, for people: {@code data cifar10, not mnist}. */
        Optional<String> difference(Asked other) {
            if (equals(other)) {
                return Optional.empty();
            }
            if (!data.equals(other.data)) {
                return Optional.of("data %s, not %s".formatted(data, other.data));
            }
            if (!space.equals(other.space)) {
                return Optional.of(
                        "values %s, not %s".formatted(String.join(", ", space), String.join(", ", other.space)));
            }
            if (!recipe.equals(other.recipe)) {
                return Optional.of("another recipe");
            }
            if (!weights.equals(other.weights)) {
                return Optional.of("weights %s, not %s".formatted(named(weights), named(other.weights)));
            }
            return Optional.of(
                    "method %s and seed %s, not %s and %s".formatted(method, seed, other.method, other.seed));
        }

        private static String named(List<String> files) {
            return files.isEmpty() ? "none" : String.join(", ", files);
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
            throw new IllegalArgumentException(file + ": is damaged. Start the search anew in another folder", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    void write(Path folder) {
        AtomicFile.write(folder.resolve(FILE), JSON.writeValueAsString(this));
    }

    /** The metric of a score: of errors and losses, scores are the negatives. */
    double value(double score) {
        return Runs.lessIsBetter(metric) ? -score : score;
    }

    TrialTable with(List<Trial> all, String by, double inAll) {
        return new TrialTable(asked, by, all, inAll);
    }
}
