package dev.fovea.run.gallery;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Images by their embeddings: a folder on disk that is made once and searched often. Up to {@value #EXACT} images are compared one by
 * one, of more a graph is searched, which finds nearly all of the nearest ones.
 *
 * <p>Thread-safe.
 */
public final class Gallery {

    /** Images up to which the search is exact. */
    public static final int EXACT = 100_000;

    /**
     * The model that made the embeddings.
     *
     * @param path a run or package, or a name of the registry
     * @param weights published ones, where {@code path} is a name; else empty
     * @param architecture its network
     * @param fingerprint as {@link ImageEmbedder#fingerprint}
     */
    public record Model(String path, String weights, String architecture, String fingerprint) {}

    /**
     * An image of the gallery.
     *
     * @param file where it lies, as it was named when it was added
     * @param label its class; empty where it had none
     */
    public record Entry(String file, String label) {}

    /**
     * An image that was found.
     *
     * @param image of the gallery
     * @param similarity cosine of the embeddings, -1 to 1
     */
    public record Match(Entry image, double similarity) {}

    private final Model model;
    private final Path base;
    private final List<Entry> entries;
    private final int dimensions;
    private final Supplier<List<float[]>> rows;
    private final Vectors vectors;

    /**
     * @param base folder that the names of files start from
     * @param dimensions numbers of an embedding
     * @param rows embeddings of length 1, one for each entry; where a graph is searched they stay on disk until asked for
     */
    Gallery(
            Model model,
            Path base,
            List<Entry> entries,
            int dimensions,
            Supplier<List<float[]>> rows,
            Vectors vectors) {
        this.model = model;
        this.base = base;
        this.entries = List.copyOf(entries);
        this.dimensions = dimensions;
        this.rows = rows;
        this.vectors = vectors;
    }

    private static Gallery inMemory(Model model, Path base, List<Entry> entries, List<float[]> rows) {
        return new Gallery(model, base, entries, rows.get(0).length, () -> rows, new Vectors.Exact(rows));
    }

    /**
     * Of images that have just been embedded.
     *
     * @param rows embeddings of length 1, one for each entry
     * @throws IllegalArgumentException if there are none
     */
    public static Gallery of(Model model, List<Entry> entries, List<float[]> rows) {
        if (rows.isEmpty() || rows.size() != entries.size()) {
            throw new IllegalArgumentException("a gallery needs images and an embedding of each, got %s and %s"
                    .formatted(entries.size(), rows.size()));
        }
        return inMemory(model, Path.of("").toAbsolutePath(), entries, List.copyOf(rows));
    }

    /**
     * Opens a gallery.
     *
     * @throws IllegalArgumentException if there is none
     * @throws dev.fovea.io.FormatException if it is damaged, cut off or of another format
     */
    public static Gallery open(Path folder) {
        return GalleryFolder.read(folder);
    }

    /**
     * Writes it as a folder, which is there whole or not at all; a gallery that is there already is replaced.
     *
     * @throws IllegalArgumentException if something else is there
     */
    public void write(Path folder) {
        write(folder, EXACT);
    }

    /** @param exact images up to which no graph is built */
    void write(Path folder, int exact) {
        GalleryFolder.write(this, folder, exact);
    }

    /**
     * With more images of the same model behind those that it has; of a file that is there already the new embedding counts.
     *
     * @throws IllegalArgumentException if the model is another
     */
    public Gallery and(Gallery more) {
        more.checkModel(model.fingerprint(), model.path());
        var all = new ArrayList<Entry>();
        List<float[]> own = rows();
        var both = new ArrayList<float[]>();
        var replaced = new HashSet<String>();
        more.entries.forEach(entry -> replaced.add(more.where(entry)));
        for (int i = 0; i < entries.size(); i++) {
            if (!replaced.contains(where(entries.get(i)))) {
                all.add(named(entries.get(i), more.base));
                both.add(own.get(i));
            }
        }
        all.addAll(more.entries);
        both.addAll(more.rows());
        return inMemory(model, more.base, all, both);
    }

    /** The same image seen from another folder. */
    private Entry named(Entry entry, Path from) {
        return base.equals(from)
                ? entry
                : place(entry)
                        .map(path -> new Entry(path.toString(), entry.label()))
                        .orElse(entry);
    }

    /** @throws IllegalArgumentException if the embeddings are of another model than that with this fingerprint */
    public void checkModel(String fingerprint, String name) {
        if (!model.fingerprint().equals(fingerprint)) {
            throw new IllegalArgumentException(
                    "the gallery was made with another model than %s: by %s, whose weights were others. Embeddings of two models cannot be compared. Name the model that made it, or make the gallery anew"
                            .formatted(name, model.path()));
        }
    }

    public Model model() {
        return model;
    }

    /** Its images, in the order in which they were added. */
    public List<Entry> entries() {
        return entries;
    }

    public int size() {
        return entries.size();
    }

    /** The numbers of an embedding. */
    public int dimensions() {
        return dimensions;
    }

    /** Whether the nearest images are found by comparing with all. */
    public boolean exact() {
        return vectors instanceof Vectors.Exact;
    }

    /** A file, or what an archive calls an image in it: the same of the same image. */
    private String where(Entry entry) {
        return place(entry).map(Path::toString).orElseGet(() -> base + " " + entry.file());
    }

    Path base() {
        return base;
    }

    List<float[]> rows() {
        return rows.get();
    }

    /** Where the file of an image lies; none if it was inside an archive or is there no more. */
    public Optional<Path> place(Entry entry) {
        try {
            Path path = base.resolve(entry.file()).normalize();
            return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * The {@code top} most similar images, the most similar first.
     *
     * @param query an embedding of length 1 by the same model
     */
    public List<Match> nearest(float[] query, int top) {
        if (query.length != dimensions()) {
            throw new IllegalArgumentException(
                    "the gallery has embeddings of %s numbers, got %s".formatted(dimensions(), query.length));
        }
        if (top < 1) {
            throw new IllegalArgumentException("top must be 1 or more, got " + top);
        }
        return vectors.nearest(query, Math.min(top, size())).stream()
                .map(found -> new Match(entries.get(found.index()), found.similarity()))
                .toList();
    }
}
