package dev.fovea.serve.studio.models;

import dev.fovea.io.Reason;
import dev.fovea.run.SavedNet;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Models that were asked for last, kept in memory: a few, the one that was not asked for longest goes first. One whose files have
 * changed, as while a run is trained, is read again. Thread-safe; who asks for a model waits for that model alone.
 */
final class LoadedModels {

    /** Kept at once. */
    static final int MOST = 3;

    /** @param fingerprint of the files that it was read from */
    private record Entry(String fingerprint, CompletableFuture<LoadedModel> model) {}

    private final Function<Path, LoadedModel> source;
    private final Map<Path, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** @param device auto, cpu or cuda */
    LoadedModels(String device) {
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
    LoadedModel of(Path path) {
        String fingerprint = fingerprint(SavedNet.folder(path));
        CompletableFuture<LoadedModel> own = new CompletableFuture<>();
        Entry entry;
        boolean freed;
        synchronized (this) {
            Entry there = entries.get(path);
            boolean known = there != null && there.fingerprint().equals(fingerprint);
            entry = known ? there : new Entry(fingerprint, own);
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
        while (entries.size() > MOST && eldest.hasNext()) {
            eldest.next();
            eldest.remove();
            freed = true;
        }
        return freed;
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
                var facts = Files.readAttributes(one, BasicFileAttributes.class);
                parts.put(one.toString(), facts.size() + " " + facts.lastModifiedTime());
            }
            return parts.toString();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "%s: the model cannot be read (%s)".formatted(model.getFileName(), Reason.of(e)), e);
        }
    }
}
