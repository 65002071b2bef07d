package dev.fovea.run;

import dev.fovea.io.FileStamp;
import dev.fovea.train.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Rows of runs for who asks often: only runs whose files have changed are read again. Thread-safe. */
public final class RunIndex {

    /**
     * A run as it was read.
     *
     * @param files that were read
     */
    private record Known(List<FileStamp> files, Runs.Row row) {}

    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    /**
     * Those begun last first.
     *
     * @param runs their folders; what is no run, or not any more, is left out
     */
    public List<Runs.Row> of(List<Path> runs) {
        known.keySet().removeIf(run -> !Runs.isRun(run));
        return runs.stream()
                .filter(Runs::isRun)
                .map(this::row)
                .filter(row -> Runs.isRun(row.run())) // and was not removed meanwhile
                .sorted(Runs.NEWEST_FIRST)
                .toList();
    }

    /**
     * One run.
     *
     * @throws IllegalArgumentException if it is none
     */
    public Runs.Row of(Path run) {
        return row(Runs.checked(run));
    }

    private Runs.Row row(Path run) {
        List<FileStamp> files = files(run);
        Known before = known.get(run);
        if (before != null && before.files().equals(files)) {
            return before.row();
        }
        Runs.Row row = Runs.row(run);
        if (!List.of("running", "interrupted").contains(row.state())) { // which of the two no file says
            known.put(run, new Known(files, row));
        }
        return row;
    }

    private static List<FileStamp> files(Path run) {
        var folder = new RunFolder(run);
        return Stream.of(folder.recipe(), folder.facts(), folder.metrics(), folder.notes())
                .map(FileStamp::of)
                .toList();
    }
}
