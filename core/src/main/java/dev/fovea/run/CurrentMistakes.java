package dev.fovea.run;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.RegularFile;
import dev.fovea.train.Listener;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Validation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The worst mistakes of a run's last validation, {@code mistakes.json} in its folder.
 *
 * @param epoch whose validation it was
 * @param mistakes by index in the run's validation part, see {@link RunData}
 */
public record CurrentMistakes(int epoch, List<Validation.Mistake> mistakes) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public CurrentMistakes {
        mistakes = List.copyOf(mistakes);
    }

    static CurrentMistakes of(Listener.Epoch epoch) {
        return new CurrentMistakes(epoch.epoch(), epoch.mistakes());
    }

    /** Those of a run; none where its task has none, or they cannot be read. */
    public static Optional<CurrentMistakes> read(Path run) {
        Path file = new RunFolder(run).mistakes();
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(RegularFile.text(file), CurrentMistakes.class));
        } catch (JacksonException | IOException | NullPointerException e) {
            return Optional.empty();
        }
    }

    void write(RunFolder folder) {
        if (mistakes.isEmpty() && !Files.exists(folder.mistakes())) {
            return; // of most tasks
        }
        try {
            AtomicFile.replace(folder.mistakes(), JSON.writeValueAsString(this));
        } catch (UncheckedIOException e) {
            // the next checkpoint says what is wrong with the disk
        }
    }
}
