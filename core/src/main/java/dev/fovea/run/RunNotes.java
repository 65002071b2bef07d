package dev.fovea.run;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import dev.fovea.io.Reason;
import dev.fovea.io.RegularFile;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people write about a run, in {@code notes.json} of its folder: training neither reads nor changes it.
 *
 * @param note as it was written, or empty
 * @param tags in the order they were given, none twice
 */
public record RunNotes(String note, List<String> tags) {

    /** Nothing was written. */
    public static final RunNotes NONE = new RunNotes("", List.of());

    private static final int LONGEST_NOTE = 10_000;
    private static final int LONGEST_TAG = 60;
    private static final int MOST_TAGS = 30;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public RunNotes {
        note = note.strip();
        tags = tags.stream().map(String::strip).distinct().toList();
        if (note.length() > LONGEST_NOTE) {
            throw new IllegalArgumentException(
                    "note: may have at most %s characters, got %s".formatted(LONGEST_NOTE, note.length()));
        }
        if (tags.size() > MOST_TAGS) {
            throw new IllegalArgumentException(
                    "tags: a run may have at most %s, got %s".formatted(MOST_TAGS, tags.size()));
        }
        tags.forEach(RunNotes::check);
    }

    private static void check(String tag) {
        if (tag.isEmpty()
                || tag.length() > LONGEST_TAG
                || tag.chars().anyMatch(c -> c == ',' || Character.isISOControl(c))) {
            throw new IllegalArgumentException("tag: expected 1 to %s characters without comma or line break, got '%s'"
                    .formatted(LONGEST_TAG, Escaped.line(tag)));
        }
    }

    public RunNotes withNote(String value) {
        return new RunNotes(value, tags);
    }

    public RunNotes withTags(List<String> value) {
        return new RunNotes(note, value);
    }

    /** With these tags, too. */
    public RunNotes and(List<String> more) {
        return withTags(Stream.concat(tags.stream(), more.stream()).toList());
    }

    /** Without these tags, of which it need not have any. */
    public RunNotes without(List<String> others) {
        return withTags(tags.stream().filter(tag -> !others.contains(tag)).toList());
    }

    /**
     * Those of a run; {@link #NONE} where nothing was written.
     *
     * @throws FormatException if they are damaged
     */
    public static RunNotes read(Path run) {
        Path file = new RunFolder(run).notes();
        if (!Files.isRegularFile(file)) {
            return NONE;
        }
        try {
            return JSON.readValue(RegularFile.text(file), RunNotes.class);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new FormatException(file + ": damaged, expected a note and tags. Remove it to write others");
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        }
    }

    /**
     * Writes them into the folder of a run, whole or not at all.
     *
     * @throws IllegalArgumentException if it is no run
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path run) {
        Path file = new RunFolder(Runs.checked(run)).notes();
        if (equals(NONE)) {
            AtomicFile.delete(file);
        } else {
            AtomicFile.write(file, JSON.writeValueAsString(this));
        }
    }
}
