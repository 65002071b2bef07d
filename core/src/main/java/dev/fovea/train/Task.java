package dev.fovea.train;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.data.BatchTransform;
import dev.fovea.data.TargetKind;
import java.util.List;
import java.util.Locale;

/** What a run is trained for: the settings that only this task has, by name in recipes and model packages. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface Task {

    /** Losses that compare images. */
    List<String> VALUES = List.of("mse", "mae", "huber");

    /** Losses that compare images of values from 0 to 1. */
    List<String> PROBABILITIES = List.of("mse", "mae", "huber", "binary-cross-entropy");

    /** Its word in recipes, model packages and the list of models. */
    String word();

    /** Whether it is about the classes of images. */
    default boolean labelled() {
        return false;
    }

    /** Whether images that are held out may be of classes that the training images have none of. */
    default boolean newClasses() {
        return !labelled();
    }

    /** How many images of a class follow each other in a batch of training images; 1 for images in any order. */
    default int imagesPerClass() {
        return 1;
    }

    /** Whether it makes up for classes of few images by itself. */
    default boolean balances() {
        return false;
    }

    /** What of each image it learns, where data says several things. */
    default TargetKind targetKind() {
        return TargetKind.ONE_CLASS;
    }

    /** Whether its training images may be mixed so: by default where classes are, which have shares. */
    default boolean takes(BatchTransform transform) {
        return labelled() && transform instanceof BatchTransform.Mix;
    }

    /** Words of the losses that can be chosen for it; none where it has a loss of its own. */
    default List<String> losses() {
        return List.of();
    }

    /** Whether a recipe with it says what it is for. */
    default boolean given() {
        return true;
    }

    /** Of a recipe that does not say yet what it is for. */
    @JsonTypeName(Unset.WORD)
    record Unset() implements Task {

        static final String WORD = "unset";

        @Override
        public String word() {
            return WORD;
        }

        @Override
        public boolean given() {
            return false;
        }
    }

    /**
     * For the constructors of settings.
     *
     * @param rule of {@link String#format}, for the root locale
     * @throws IllegalArgumentException with {@code rule} and {@code values}, unless {@code condition}
     */
    static void check(boolean condition, String rule, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, rule, values));
        }
    }
}
