package dev.fovea.serve.studio.data;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.DataStamp;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.run.CorrectionLog;
import dev.fovea.serve.studio.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Data sets that are looked at, each opened once and kept, a few of them. One whose folders have changed since is opened anew; one
 * that is gone says so.
 */
public final class OpenData implements AutoCloseable {

    private static final int MOST = 6;

    /** Archives lie in memory whole. */
    private static final int MOST_ARCHIVES = 2;

    private final Workspace workspace;
    private final KeptProblems problems;
    private final Map<String, Opened> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, CompletableFuture<Opened>> coming = new HashMap<>();
    private final Map<String, Object> locks = new LinkedHashMap<>();

    /** One for each list, whatever data it belongs to and however often that is opened: two would write over each other. */
    private final Map<Path, CorrectionLog> logs = new ConcurrentHashMap<>();

    private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
        var thread = new Thread(task, "studio-data");
        thread.setDaemon(true);
        return thread;
    });

    public OpenData(Workspace workspace) {
        this.workspace = workspace;
        problems = new KeptProblems(workspace);
    }

    /** The workspace itself may be a data set. */
    private Path place(String path) {
        return path.equals(".") ? workspace.root() : workspace.resolve(path);
    }

    /**
     * A data set by its path in the workspace or, where nothing lies there, the name of a built-in one; opened now if it is not
     * yet. It can take seconds the first time.
     *
     * @throws DataException if there is none, it cannot be used, or it is no longer there
     */
    public Opened open(String path) {
        synchronized (lock(path)) {
            Path place = place(path);
            Opened known = known(path);
            if (known != null && known.builtIn()) {
                return known;
            }
            if (known != null && !Files.exists(place)) {
                forget(path);
                throw new DataException(path
                        + ": is no longer there, it was moved or removed. Put it back, or choose another data set");
            }
            if (known != null && known.lately()) {
                return known;
            }
            DataStamp stamp = DataStamp.of(place);
            if (known != null && known.stamp().equals(stamp)) {
                known.looked();
                return known;
            }
            Opened opened = read(path, place, stamp);
            problems.of(opened).ifPresent(found -> opened.takeProblems(found.findings(), workspace.root()));
            keep(opened);
            return opened;
        }
    }

    /** The same by a thread of its own, for those who cannot wait so long. */
    public CompletableFuture<Opened> opening(String path) {
        Opened known = known(path);
        if (known != null && known.lately() && (known.builtIn() || Files.exists(known.place()))) {
            return CompletableFuture.completedFuture(known);
        }
        synchronized (coming) {
            CompletableFuture<Opened> under = coming.get(path);
            if (under == null) {
                CompletableFuture<Opened> begun = CompletableFuture.supplyAsync(() -> open(path), threads);
                coming.put(path, begun);
                begun.whenComplete((opened, failure) -> {
                    synchronized (coming) {
                        coming.remove(path, begun);
                    }
                });
                under = begun;
            }
            return under.copy(); // who gives up cancels a wait of its own
        }
    }

    /** What was found about them. */
    public KeptProblems problems() {
        return problems;
    }

    private Object lock(String path) {
        synchronized (locks) {
            if (locks.size() > 1000) { // paths that are asked for are many only where somebody tries them
                locks.clear();
            }
            return locks.computeIfAbsent(path, p -> new Object());
        }
    }

    private Opened known(String path) {
        synchronized (kept) {
            return kept.get(path);
        }
    }

    /** As if it had not been opened. */
    public void forget(String path) {
        synchronized (kept) {
            kept.remove(path);
        }
    }

    private void keep(Opened opened) {
        synchronized (kept) {
            kept.put(opened.path(), opened);
            int archives = 0;
            int all = 0;
            for (Opened one : kept.values()) {
                archives += one.archive() ? 1 : 0;
                all++;
            }
            for (Iterator<Opened> oldest = kept.values().iterator(); oldest.hasNext(); ) {
                Opened one = oldest.next();
                if (one != opened && (all > MOST || one.archive() && archives > MOST_ARCHIVES)) {
                    oldest.remove();
                    all--;
                    archives -= one.archive() ? 1 : 0;
                }
            }
        }
    }

    private Opened read(String path, Path place, DataStamp stamp) {
        boolean builtIn = !Files.exists(place);
        Splits splits = builtIn ? builtIn(path) : inside(path, place);
        CorrectionLog log = logs.computeIfAbsent(
                Opened.listOf(workspace.root(), place).toAbsolutePath().normalize(), CorrectionLog::new);
        return new Opened(path, place, builtIn, stamp, splits, log);
    }

    private static Splits builtIn(String name) {
        if (!Data.isNamed(name)) {
            throw new DataException("%s: there is nothing of that name in the workspace".formatted(name));
        }
        return Data.named(name, Data.Options.of().withNewClasses(true).withTargets(TargetKind.ANY));
    }

    private Splits inside(String path, Path place) {
        workspace.checkData(place);
        return opened(path, place);
    }

    /** Opens what lies at {@code place}, whatever it is; the sentence of what fails calls it by {@code path}. */
    static Splits opened(String path, Path place) {
        try {
            return Data.openAny(place.toString());
        } catch (DataException e) {
            throw new DataException(e.getMessage().replace(place.toString(), path));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
