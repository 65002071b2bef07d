package dev.fovea.serve.studio;

import dev.fovea.io.FileStamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Looks at the run folders of the workspace once a second, whoever writes them, and reports which have changed. It reads
 * no more than the times of a few files.
 */
public final class RunWatch implements AutoCloseable {

    /** Files of a run that change as it progresses. */
    private static final List<String> FILES = List.of(
            "metrics.csv",
            "progress.json",
            ".control",
            "run.json",
            "report.html",
            "notes.json",
            "recipe.yaml",
            "steps.csv",
            "mistakes.json");

    /** After so many looks without a change a run is looked at less often. */
    private static final int CALM = 30;

    private static final int SELDOM = 5;

    /**
     * A run as it was seen.
     *
     * @param since the look from which on it was like this
     */
    private record State(List<FileStamp> files, long since) {

        boolean rests(long round, Path run) {
            return round - since > CALM && Math.floorMod(round + run.hashCode(), SELDOM) != 0;
        }
    }

    /** The folders inside a folder, listed again only when it changes: it may hold many files. */
    private static final class Listed {

        private final Path folder;
        private FileTime changed;
        private List<Path> inside = List.of();

        Listed(Path folder) {
            this.folder = folder;
        }

        Stream<Path> folders() {
            try {
                FileTime now = Files.getLastModifiedTime(folder);
                if (!now.equals(changed)) {
                    try (Stream<Path> all = Files.list(folder)) {
                        inside = all.filter(Files::isDirectory).toList();
                    }
                    // What was added during the listing may have left the same time: then it is listed once more.
                    boolean settled = System.currentTimeMillis() - now.toMillis() > 2000;
                    changed = settled ? now : null;
                }
            } catch (IOException | UncheckedIOException e) {
                inside = List.of(); // it is not there, or not now
                changed = null;
            }
            return inside.stream();
        }
    }

    private final Workspace workspace;
    private final Events events;
    private final Map<Path, State> known = new HashMap<>();
    private final Map<Path, Listed> listed = new HashMap<>();
    private final List<BiConsumer<Path, Boolean>> watchers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "studio-runs");
        thread.setDaemon(true);
        return thread;
    });

    private long round;

    RunWatch(Workspace workspace, Events events) {
        this.workspace = workspace;
        this.events = events;
    }

    void start() {
        look(false);
        clock.scheduleWithFixedDelay(() -> look(true), 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Tells {@code watcher} of each run that has changed, too.
     *
     * @param watcher is given the run folder, and whether it is still there
     */
    public void onChange(BiConsumer<Path, Boolean> watcher) {
        watchers.add(watcher);
    }

    private void look(boolean say) {
        try {
            round++;
            var found = new HashSet<Path>();
            for (Path folder : new RunFolders(workspace).places()) {
                listed.computeIfAbsent(folder, Listed::new)
                        .folders()
                        .filter(RunFolders::isOwn)
                        .forEach(found::add);
            }
            for (Path run : found) {
                State was = known.get(run);
                if (was != null && was.rests(round, run)) {
                    continue;
                }
                List<FileStamp> files = files(run);
                boolean same = was != null && was.files().equals(files);
                known.put(run, new State(files, same ? was.since() : round));
                if (!same && say) {
                    changed(run, true);
                }
            }
            for (Path run : List.copyOf(known.keySet())) {
                if (!found.contains(run)) {
                    known.remove(run);
                    changed(run, false);
                }
            }
        } catch (RuntimeException e) {
            // A folder that was removed meanwhile; the next look is in a second.
        }
    }

    private void changed(Path run, boolean there) {
        events.send("run", Map.of("run", workspace.relative(run), "there", there));
        watchers.forEach(watcher -> watcher.accept(run, there));
    }

    private static List<FileStamp> files(Path run) {
        return FILES.stream().map(name -> FileStamp.of(run.resolve(name))).toList();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
