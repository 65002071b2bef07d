package dev.fovea.serve.studio;

import dev.fovea.run.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Looks at the run folders of the workspace once a second, whoever writes them, and says which have changed. It reads no
 * more than the times of a few files.
 */
public final class RunWatch implements AutoCloseable {

    /** Files of a run that tell of its progress. */
    private static final List<String> FILES =
            List.of("metrics.csv", "progress.json", "run.json", "report.html", "notes.json", "recipe.yaml", "lock");

    /** Folders that are looked at; more are no folder of runs. */
    private static final int MOST = 10_000;

    private final Workspace workspace;
    private final Events events;
    private final Map<Path, Long> known = new HashMap<>();
    private final List<BiConsumer<Path, Boolean>> watchers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "studio-runs");
        thread.setDaemon(true);
        return thread;
    });

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
            var found = new HashMap<Path, Long>();
            collect(workspace.root(), found);
            collect(workspace.runs(), found);
            for (Map.Entry<Path, Long> run : found.entrySet()) {
                if (!run.getValue().equals(known.put(run.getKey(), run.getValue())) && say) {
                    changed(run.getKey(), true);
                }
            }
            for (Path run : List.copyOf(known.keySet())) {
                if (!found.containsKey(run)) {
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

    private static void collect(Path folder, Map<Path, Long> found) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            inside.limit(MOST).filter(Runs::isRun).forEach(run -> found.put(run, stamp(run)));
        } catch (IOException | java.io.UncheckedIOException e) {
            // as above
        }
    }

    /** Changes when a file of the run does. */
    private static long stamp(Path run) {
        long stamp = 0;
        for (String name : FILES) {
            try {
                BasicFileAttributes file = Files.readAttributes(run.resolve(name), BasicFileAttributes.class);
                stamp = 31 * stamp + file.lastModifiedTime().toMillis() + 17 * file.size();
            } catch (IOException e) {
                stamp = 31 * stamp; // it is not there
            }
        }
        return stamp;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
