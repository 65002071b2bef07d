package dev.fovea.models;

import dev.fovea.data.Preprocess;
import dev.fovea.io.Escaped;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Shape;
import java.util.Optional;

/**
 * What the networks of one family differ in: a record whose components are the options that recipes and the command line
 * set, {@code vae code=8}, and that {@code config.json} holds. Whole numbers, numbers, yes or no, words, constants of an
 * enum and lists of whole numbers are allowed; its constructor checks them.
 */
public interface NetConfig {

    /** So that the product of two and a small number is still an int; the widest networks have some thousands. */
    int MOST = 1 << 16;

    /**
     * The network, its weights not drawn yet.
     *
     * @param images channels, height and width; of clips, those of a frame
     * @param classes of the data
     * @throws IllegalArgumentException if it does not take such images
     */
    Module create(Shape images, int classes);

    /** What all networks that are trained like it have in common, {@link dev.fovea.nn.Layer} for classifiers. */
    default Class<?> network() {
        return Layer.class;
    }

    /**
     * How images are prepared for the weights that networks with these options are published with, where it is in another
     * way than {@link WeightsEntry} says for their name.
     */
    default Optional<Preprocess> published() {
        return Optional.empty();
    }

    /**
     * The registered classifier whose maps the network looks at, as the registry names it, options behind it, and whose published weights
     * it can start from; none where there is none.
     */
    default Optional<String> backboneModel() {
        return Optional.empty();
    }

    /** The network whose usual images these networks take too, as one over a backbone does; none where a row says its own. */
    default Optional<String> inputOf() {
        return Optional.empty();
    }

    /** @throws IllegalArgumentException if an option is not from 1 to {@link #MOST} */
    static void positive(String option, int value) {
        range(option, value, 1, MOST);
    }

    /** @throws IllegalArgumentException if an option is not from {@code least} to {@code most} */
    static void range(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("option %s must be a whole number from %s to %s, got %s"
                    .formatted(option, least, most, Escaped.of(value)));
        }
    }

    /** @throws IllegalArgumentException if an option is not from 0 to below 1 */
    static void probability(String option, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "option %s must be a number from 0 to below 1, got %s".formatted(option, value));
        }
    }
}
