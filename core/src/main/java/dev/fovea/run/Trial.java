package dev.fovea.run;

import dev.fovea.image.Image;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model as it is tried on one image after the other: what can be chosen, what it says, and what there is to see of that. */
public interface Trial {

    /**
     * A number that can be chosen for every image.
     *
     * @param usual what holds where nothing is chosen
     */
    record Dial(String name, double least, double most, double step, double usual) {}

    /** What an image that comes with an outcome is. */
    enum Role {
        /** What the model was given, as it took it. */
        INPUT,
        /** What the model made of it. */
        OUTPUT,
        /** What it should have made of it. */
        TARGET,
        /** What a usual method makes of it. */
        COMPARED,
        /** The input with an anomaly map over it. */
        HEAT,
        /** The class of every pixel in colours, of the input's size. */
        CLASSES
    }

    /**
     * What came of one image.
     *
     * @param values by their names in JSON
     * @param text the same in a line, for people
     * @param images those that there are
     */
    record Outcome(Map<String, Object> values, String text, Map<Role, BufferedImage> images) {

        public Outcome {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
            images = Collections.unmodifiableMap(images.isEmpty() ? new EnumMap<>(Role.class) : new EnumMap<>(images));
        }
    }

    /** What can be chosen for an image; nothing by default. */
    default List<Dial> dials() {
        return List.of();
    }

    /** Whether an image comes with a mask, white where something is to be filled in. */
    default boolean masked() {
        return false;
    }

    /**
     * Tries an image.
     *
     * @param mask of the image's size, where it is {@link #masked}
     * @param chosen values of {@link #dials} by name; those that are missing are the usual ones
     * @throws IllegalArgumentException if a value or the mask is not what this model takes
     */
    Outcome of(Image image, Optional<Image> mask, Map<String, Double> chosen);

    /** Tries an image as it is, with the usual values. */
    default Outcome of(Image image) {
        return of(image, Optional.empty(), Map.of());
    }

    /**
     * Tries an image of a data set the way that the model is evaluated: one that restores images degrades it first.
     *
     * @param seed of what is drawn at random
     */
    default Outcome example(Image image, long seed) {
        return of(image);
    }

    /** The same with what is drawn at random drawn by the image itself: one image is degraded alike wherever it stands. */
    default Outcome example(Image image) {
        return example(image, Integer.toUnsignedLong(Arrays.hashCode(image.pixels())));
    }

    /** Whether it {@link #compared compares} two images. */
    default boolean compares() {
        return false;
    }

    /**
     * What it says about two images together.
     *
     * @throws IllegalArgumentException if it {@link #compares} none
     */
    default Outcome compared(Image a, Image b) {
        throw new IllegalArgumentException("this model answers about one image. Leave the other one out");
    }

    /** Of a model that answers about images. */
    static Trial of(Predictor predictor) {
        return (image, mask, chosen) -> {
            Predictor.Answer answer = predictor.predict(image);
            return new Outcome(answer.values(), answer.text(), Map.of());
        };
    }
}
