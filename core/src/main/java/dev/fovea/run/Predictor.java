package dev.fovea.run;

import dev.fovea.data.Conversion;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model that answers about images, or about clips. */
public interface Predictor {

    /** An answer. */
    interface Answer {

        /** By their names in JSON. */
        Map<String, Object> values();

        /** The same in a line, for people. */
        String text();

        /**
         * The classes that it names and how sure it is of each, for watching what a model answers over time; none where it
         * names no class, or is not sure of one more than of another.
         */
        default List<Confidence> confidences() {
            return List.of();
        }
    }

    /**
     * A class that an answer names.
     *
     * @param value how sure the model is, 0 to 1
     */
    record Confidence(String label, double value) {}

    /**
     * The same with other answers, where they are of several parts.
     *
     * @param top how many of the best each answer names
     * @param precision fp32, bf16 or auto
     */
    default Predictor with(int top, String precision) {
        return this;
    }

    /**
     * The same with how far each answer can be trusted.
     *
     * @param coverage share of images for whom the true class is to be in the set of classes that an answer names, above 0 and
     *     below 1; 0 for no set
     * @param reject whether an image that is unlike those of the training is to get no answer
     * @throws IllegalArgumentException if this model cannot tell
     */
    default Predictor with(double coverage, boolean reject) {
        if (coverage == 0 && !reject) {
            return this;
        }
        throw new IllegalArgumentException(
                "sets of classes and refusals are what a classifier can give, this model is none");
    }

    /**
     * The same that answers with objects of at least this score, 0 to 1, whatever the model's package says.
     *
     * @throws IllegalArgumentException if this model finds no objects
     */
    default Predictor withConfidence(double score) {
        throw new IllegalArgumentException(
                "a least confidence is for objects that a detector finds, this model is none");
    }

    /**
     * The same that looks at large images in tiles which overlap, so that small things are not shrunk.
     *
     * @param side of a tile in pixels of the image
     * @throws IllegalArgumentException if this model's answers have no place in an image
     */
    default Predictor withTiles(int side) {
        throw new IllegalArgumentException("tiles are for detection and segmentation, this model is for neither");
    }

    /** The image with what is in {@code answer} drawn where it is; none for answers that have no place. */
    default Optional<BufferedImage> drawn(Image image, Answer answer) {
        return Optional.empty();
    }

    /** What is in {@code answer} as an image of numbers with a palette, one for each class; none for answers that are not of pixels. */
    default Optional<BufferedImage> mask(Answer answer) {
        return Optional.empty();
    }

    /** Whether it looks at a GIF or a video frame by frame although it is for images. */
    default boolean films() {
        return false;
    }

    /** Where {@link #draw} writes the copy of a GIF or a video. */
    default Path drawing(Path file, Path folder) {
        throw new IllegalArgumentException("this model does not look at clips frame by frame");
    }

    /**
     * Draws what is in {@code answer} into a copy of a GIF or a video; for models that {@link #films}.
     *
     * @return the file, in {@code folder}
     */
    default Path draw(Path file, Answer answer, Path folder) {
        throw new IllegalArgumentException("this model does not look at clips frame by frame");
    }

    /** Answers about image files that are gathered and written as data, which people correct and models learn from. */
    interface Labels {

        /** Takes in what was answered about an image file. */
        void add(Path file, Answer answer);

        /**
         * Writes all of them; the folder is there whole or not at all.
         *
         * @throws dev.fovea.data.DataException if there is none
         * @throws java.io.UncheckedIOException if it cannot be written; nothing is left behind
         */
        Conversion write();
    }

    /**
     * For writing the objects that are found as data with boxes.
     *
     * @param to one of {@link Conversion#FORMATS}
     * @param folder that is made; one that is there must be empty
     * @throws IllegalArgumentException if there is no such form, something lies in the folder, or this model finds no objects
     */
    default Labels labels(String to, Path folder) {
        throw new IllegalArgumentException(
                "data with boxes is written of objects that a detector finds, this model is none");
    }

    /**
     * Which part of an image one answer depends on.
     *
     * @param method such as {@code grad-cam}, empty for the default
     * @param name of what is explained, such as a class; empty for the answer itself
     * @throws IllegalArgumentException if the name or the method is unknown, or this model cannot be explained
     */
    default OutputExplanation explanation(Image image, String method, String name) {
        throw new IllegalArgumentException("the answers of this model cannot be explained one by one");
    }

    /** The same of a method of many passes, watched; a method of one pass says nothing. */
    default OutputExplanation explanation(Image image, String method, String name, ProgressWatch watch) {
        return explanation(image, method, name);
    }

    /** The methods of {@link #explanation}, the default first; none where its answers cannot be explained. */
    default List<String> explanationMethods() {
        return List.of();
    }

    /** About an image. */
    Answer predict(Image image);

    /** About several images, in their order; at once where the network takes them so. */
    default List<Answer> predictAll(List<Image> images) {
        return predictPrepared(images.stream().map(this::prepare).toList());
    }

    /**
     * An image as the network is shown it.
     *
     * @param original its size before
     */
    record Prepared(Image seen, Size original) {}

    /** How answers are computed: by which runtime, in which precision, and what that has cost; none where there is no choice. */
    default Optional<String> computing() {
        return Optional.empty();
    }

    /**
     * The same computed by another runtime.
     *
     * @param word libtorch, another one on the class path such as onnx, or auto
     * @throws IllegalArgumentException if there is none of that name, or it cannot compute this model
     */
    default Predictor withBackend(String word) {
        Backend.checked(word);
        return this;
    }

    /**
     * Has all that can be made before the first image made now: the network compiled, and the fastest backend chosen where that is
     * wanted, which takes some seconds.
     *
     * @param batch images that will be asked about at once
     */
    default void warmUp(int batch) {}

    /** All that is done to an image before the network computes; threads that prepare images do not wait for each other. */
    default Prepared prepare(Image image) {
        return new Prepared(image, image.size());
    }

    /** About several prepared images, in their order; at once where the network takes them so. */
    default List<Answer> predictPrepared(List<Prepared> images) {
        return images.stream().map(one -> predict(one.seen())).toList();
    }

    /** About an image file, or a clip: a folder of numbered images, an animated GIF, a video. */
    Answer predict(Path file);
}
