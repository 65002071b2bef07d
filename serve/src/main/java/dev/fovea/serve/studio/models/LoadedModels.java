package dev.fovea.serve.studio.models;

import dev.fovea.io.FileStamp;
import dev.fovea.io.Reason;
import dev.fovea.run.SavedNet;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The models of the workspace that are in memory, for all views: a few, the one that was not asked for longest goes first. One whose files
 * have changed, as while a run is trained, is read again. Who uses one asks for it each time and keeps it no longer than one piece of
 * work takes, as its memory is free only once nobody has it. Thread-safe; who asks for a model waits for that model alone.
 */
public final class LoadedModels implements AutoCloseable {

    /** Kept at once: as many as are compared. */
    static final int MOST = 4;

    /** Of the weights of all that are kept; one alone may have more. */
    static final long MOST_BYTES = 2L << 30;

    /**
     * @param fingerprint of the files that it was read from
     * @param bytes of them
     */
    private record Entry(String fingerprint, long bytes, CompletableFuture<LoadedModel> model) {}

    private final Function<Path, LoadedModel> source;
    private final Map<Path, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** @param device auto, cpu or cuda */
    public LoadedModels(String device) {
        this(path -> new LoadedModel(path, Tasks.ALL.load(path, device)));
    }

    LoadedModels(Function<Path, LoadedModel> source) {
        this.source = source;
    }

    /**
     * The model of a run, of a package or in a file.
     *
     * @throws IllegalArgumentException if there is none, or it is damaged
     */
    public LoadedModel of(Path path) {
        Path folder = SavedNet.folder(path);
        String fingerprint = fingerprint(folder);
        CompletableFuture<LoadedModel> own = new CompletableFuture<>();
        Entry entry;
        boolean freed;
        synchronized (this) {
            Entry there = entries.get(path);
            boolean known = there != null && there.fingerprint().equals(fingerprint);
            entry = known ? there : new Entry(fingerprint, bytes(path), own);
            if (!known) {
                entries.put(path, entry);
            }
            freed = shrink() || (there != null && !known);
        }
        if (entry.model() == own) {
            if (freed) {
                System.gc(); // weights are freed with the objects that hold them, and a small heap is seldom collected
            }
            load(path, own, entry);
        }
        try {
            return entry.model().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void load(Path path, CompletableFuture<LoadedModel> own, Entry entry) {
        try {
            own.complete(source.apply(path));
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                entries.remove(path, entry);
            }
            own.completeExceptionally(e);
        }
    }

    private boolean shrink() {
        boolean freed = false;
        var eldest = entries.entrySet().iterator();
        long bytes = entries.values().stream().mapToLong(Entry::bytes).sum();
        while (entries.size() > 1 && (entries.size() > MOST || bytes > MOST_BYTES)) {
            bytes -= eldest.next().getValue().bytes();
            eldest.remove();
            freed = true;
        }
        return freed;
    }

    /** Lets go of all of them. */
    @Override
    public void close() {
        synchronized (this) {
            entries.clear();
        }
        System.gc(); // see above
    }

    private static long bytes(Path model) {
        try {
            return Files.size(SavedNet.weights(model));
        } catch (IOException e) {
            return 0; // who reads it says what is wrong
        }
    }

    /** How many are kept now. */
    synchronized int count() {
        return entries.size();
    }

    private static String fingerprint(Path model) {
        boolean file = Files.isRegularFile(model);
        var parts = new TreeMap<String, String>();
        try (Stream<Path> inside = file ? Stream.of(model) : Files.list(model)) {
            for (Path one : inside.filter(Files::isRegularFile).toList()) {
                parts.put(one.toString(), FileStamp.of(one).toString());
            }
            return parts.toString();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "%s: the model cannot be read (%s)".formatted(model.getFileName(), Reason.of(e)), e);
        }
    }
}
