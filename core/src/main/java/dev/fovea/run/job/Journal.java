package dev.fovea.run.job;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.Escaped;
import dev.fovea.io.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * The results so far, a line for each image in the order of the data, behind a line that says what they are of. What was being
 * written when the process ended is cut off when it is opened again.
 */
final class Journal implements AutoCloseable {

    private static final String FIRST = "predictions";

    private final Path file;
    private final FileChannel channel;
    private final long rows;

    private Journal(Path file, FileChannel channel, long rows) {
        this.file = file;
        this.channel = channel;
        this.rows = rows;
    }

    /**
     * Opens the journal, or begins it.
     *
     * @param of what the results are of, by names
     * @throws IllegalArgumentException if it was begun with something else, or another process is writing it
     */
    static Journal open(Path file, Map<String, String> of) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                lock(file, channel);
                return opened(file, channel, of);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            Path folder = file.toAbsolutePath().getParent();
            String why = Files.isDirectory(folder) ? Reason.of(e) : "there is no folder " + folder;
            throw new UncheckedIOException("%s: cannot be written (%s)".formatted(file, why), e);
        }
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        boolean mine;
        try {
            mine = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            mine = false;
        }
        if (!mine) {
            throw new IllegalArgumentException(
                    "%s: another process is writing these results. Wait for it, or name another file".formatted(file));
        }
    }

    private static Journal opened(Path file, FileChannel channel, Map<String, String> of) throws IOException {
        long rows = 0;
        long good = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            if (line != null && whole(line, channel.size())) {
                check(file, line, of);
                good = length(line);
                for (line = reader.readLine();
                        line != null && row(line, rows, channel.size() - good);
                        line = reader.readLine()) {
                    good += length(line);
                    rows++;
                }
            }
        }
        channel.truncate(good);
        channel.position(good);
        var journal = new Journal(file, channel, rows);
        if (good == 0) {
            journal.write(ResultRow.JSON.writeValueAsString(Map.of(FIRST, of)) + "\n");
            channel.force(true);
        }
        return journal;
    }

    private static long length(String line) {
        return line.getBytes(StandardCharsets.UTF_8).length + 1L;
    }

    /** Whether its line break is there too. */
    private static boolean whole(String line, long left) {
        return length(line) <= left;
    }

    private static boolean row(String line, long index, long left) {
        try {
            return whole(line, left) && ResultRow.read(line).index() == index;
        } catch (JacksonException | ClassCastException e) {
            return false;
        }
    }

    private static void check(Path file, String line, Map<String, String> of) {
        Map<?, ?> then;
        try {
            then = (Map<?, ?>) ResultRow.JSON.readValue(line, Map.class).get(FIRST);
        } catch (JacksonException | ClassCastException e) {
            then = null;
        }
        if (then == null) {
            throw new IllegalArgumentException(
                    "%s: is no beginning of results. Delete it, or name another file".formatted(file));
        }
        for (Map.Entry<String, String> one : of.entrySet()) {
            Object before = then.get(one.getKey());
            if (!one.getValue().equals(before)) {
                throw new IllegalArgumentException(
                        "%s: was begun with %s '%s', now it is '%s'. Delete it to begin anew, or name another file"
                                .formatted(file, one.getKey(), Escaped.of(before), Escaped.of(one.getValue())));
            }
        }
    }

    /** Images whose results were there when it was opened. */
    long rows() {
        return rows;
    }

    /** Adds the next rows; a process that is killed has them, a machine that fails once they are synced. */
    void add(List<ResultRow> more) {
        var lines = new StringBuilder();
        more.forEach(row -> lines.append(row.line()).append('\n'));
        try {
            write(lines.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be written (%s)".formatted(file, Reason.of(e)), e);
        }
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void sync() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be written (%s)".formatted(file, Reason.of(e)), e);
        }
    }

    /** All rows in their order. */
    void each(ResultFormat.To to) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            reader.readLine();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                to.add(ResultRow.read(line));
            }
        }
    }

    /** Closes it and removes its file. */
    void delete() {
        close();
        AtomicFile.delete(file);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be closed (%s)".formatted(file, Reason.of(e)), e);
        }
    }
}
