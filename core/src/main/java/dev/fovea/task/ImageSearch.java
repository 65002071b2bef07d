package dev.fovea.task;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.run.SavedNet;
import dev.fovea.run.gallery.Gallery;
import dev.fovea.run.gallery.Gallery.Entry;
import dev.fovea.run.gallery.Gallery.Match;
import dev.fovea.run.gallery.ImageEmbedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the images of a gallery that are most like another one, by a model for embedding, a classifier or a network that learned
 * without labels.
 *
 * <pre>{@code
 * var search = ImageSearch.of(Path.of("runs/people-1"), Data.open("people", Data.Options.of()).train());
 * search.write(Path.of("people.gallery"));
 * ImageSearch.open(Path.of("people.gallery")).find(Path.of("someone.jpg"), 10);
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class ImageSearch {

    private final ImageEmbedder embedder;
    private final Gallery gallery;

    private ImageSearch(ImageEmbedder embedder, Gallery gallery) {
        this.embedder = embedder;
        this.gallery = gallery;
    }

    /**
     * A gallery of images, embedded now.
     *
     * @param model a run or package
     * @throws IllegalArgumentException if there is no model, or it embeds no images
     */
    public static ImageSearch of(Path model, Dataset images) {
        return of(SavedNet.load(model, "auto"), model.toAbsolutePath().toString(), "", images);
    }

    /**
     * The same with a model that is loaded.
     *
     * @param name by which it is found again: a run or package, or a network of the registry
     * @param weights published ones, where {@code name} is a network
     */
    public static ImageSearch of(SavedNet model, String name, String weights, Dataset images) {
        var embedder = ImageEmbedder.of(model);
        var made =
                new Gallery.Model(name, weights, model.config().architecture().text(), embedder.fingerprint());
        return new ImageSearch(embedder, Gallery.of(made, entries(images), embedder.embed(images)));
    }

    private static List<Entry> entries(Dataset images) {
        boolean labelled = !images.classes().equals(Data.UNLABELLED);
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < images.size(); i++) {
            entries.add(new Entry(images.name(i), labelled ? images.targetText(i) : ""));
        }
        return entries;
    }

    /**
     * Opens a gallery with the model that made it.
     *
     * @throws IllegalArgumentException if there is no gallery, or its model is no longer where it was, or is another by now
     * @throws dev.fovea.io.FormatException if it is damaged or cut off
     */
    public static ImageSearch open(Path folder) {
        Gallery gallery = Gallery.open(folder);
        Gallery.Model model = gallery.model();
        return open(
                gallery,
                model.weights().isEmpty()
                        ? SavedNet.load(Path.of(model.path()), "auto")
                        : Tasks.ALL
                                .published(model.path(), model.weights(), "auto", (file, done, total) -> {})
                                .net());
    }

    /**
     * A gallery with a model that is loaded.
     *
     * @throws IllegalArgumentException if another model made it
     */
    public static ImageSearch open(Gallery gallery, SavedNet model) {
        var embedder = ImageEmbedder.of(model);
        gallery.checkModel(embedder.fingerprint(), model.config().architecture().text());
        return new ImageSearch(embedder, gallery);
    }

    /** With more images, embedded now; of a file that is there already the new embedding counts. */
    public ImageSearch and(Dataset images) {
        return new ImageSearch(
                embedder, gallery.and(Gallery.of(gallery.model(), entries(images), embedder.embed(images))));
    }

    /** Writes the gallery as a folder, which is there whole or not at all; one that is there already is replaced. */
    public void write(Path folder) {
        gallery.write(folder);
    }

    public Gallery gallery() {
        return gallery;
    }

    /** The {@code top} images of the gallery most like {@code image}, the most similar first. */
    public List<Match> find(Image image, int top) {
        return gallery.nearest(embedder.embed(image), top);
    }

    /** The same for an image file. */
    public List<Match> find(Path file, int top) {
        return find(Image.read(file), top);
    }
}
