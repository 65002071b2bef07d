package dev.fovea.run;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.RegularFile;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a run stands within its epoch, as {@code progress.json} in its folder says it at most once a second, so that whoever
 * sees the folder can watch.
 *
 * @param format of the file
 * @param state what it does, or how it ended
 * @param epoch the epoch under way, from 1; 0 before the first
 * @param epochs of the run
 * @param step optimizer updates of this epoch
 * @param steps of an epoch
 * @param train means of loss and metrics over this epoch so far
 * @param imagesPerSecond of training alone in the last second or more
 * @param secondsLeft until the last epoch is validated; of none before that can be told
 * @param seconds of this process's part of the run, without pauses
 * @param processor share of its threads' time that the process used, 0 to 1
 * @param criterion the metric that picks the best epoch, or empty
 * @param written milliseconds since 1970
 */
public record RunProgress(
        int format,
        State state,
        int epoch,
        int epochs,
        int step,
        int steps,
        Map<String, Double> train,
        OptionalDouble imagesPerSecond,
        OptionalDouble secondsLeft,
        double seconds,
        OptionalDouble processor,
        String criterion,
        long written) {

    static final int FORMAT = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** What a run does. */
    public enum State {
        /** Network, weights and statistics of the data, before the first step. */
        PREPARING,
        TRAINING,
        VALIDATING,
        /** Waits between two steps, as it was asked to. */
        PAUSED,
        /** Evaluates what was trained and writes the report. */
        REPORTING,
        FINISHED,
        EARLY,
        STOPPED,
        FAILED
    }

    public RunProgress {
        var numbers = new LinkedHashMap<>(train);
        numbers.values().removeIf(value -> !Double.isFinite(value)); // JSON knows no NaN
        train = Collections.unmodifiableMap(numbers);
    }

    /** That of a run; none where it was written by an early release, or cannot be read. */
    public static Optional<RunProgress> read(Path run) {
        Path file = new RunFolder(run).progress();
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(RegularFile.text(file), RunProgress.class));
        } catch (JacksonException | IOException | NullPointerException e) {
            return Optional.empty();
        }
    }

    /** A run is not to fail because nobody can watch it. */
    void write(RunFolder folder) {
        try {
            AtomicFile.replace(folder.progress(), JSON.writeValueAsString(this));
        } catch (UncheckedIOException e) {
            // the next checkpoint says what is wrong with the disk
        }
    }
}
