package dev.fovea.task.classify;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;

/** A network written as one expression, as the model of a recipe. */
final class Expression {

    private Expression() {}

    /**
     * The recipe with the layers and the input of {@code net}.
     *
     * @throws IllegalArgumentException if it has no text, or fits neither the recipe's input nor the training images
     */
    static Recipe recipe(Sequential net, Dataset train, Recipe recipe) {
        String layers = net.text();
        Shape input = net.input();
        if (!input.image()) {
            throw new IllegalArgumentException(
                    "the network takes %s, a classifier takes images. Begin it with shape(channels, height, width)"
                            .formatted(input));
        }
        var size = new InputSize(
                Math.toIntExact(input.sizes().get(1)),
                Math.toIntExact(input.sizes().get(2)));
        int channels = Math.toIntExact(input.sizes().get(0));
        Recipe.Input asked = recipe.input();
        if (!asked.size().own() && !asked.size().equals(size)) {
            throw conflict("input.size", size, asked.size());
        }
        if (asked.channels() > 0 && asked.channels() != channels) {
            throw conflict("input.channels", channels, asked.channels());
        }
        checkImages(train, channels, asked);
        checkClasses(net, input, train);
        return recipe.withModel(layers).withInput(asked.withSize(size).withChannels(channels));
    }

    private static IllegalArgumentException conflict(String key, Object own, Object asked) {
        return new IllegalArgumentException(
                "the network begins with images of %s=%s, the recipe says %s. Leave it out of the recipe, or change the shape"
                        .formatted(key, own, asked));
    }

    /** Colour is neither dropped nor made up without a word: a recipe that names the channels asks for it. */
    private static void checkImages(Dataset train, int channels, Recipe.Input asked) {
        if (train.size() == 0 || asked.channels() > 0) {
            return;
        }
        int found = train.image(0).channels();
        if (found != channels) {
            throw new DataException(
                    ("the network takes images of %s, the first training image has %s. Begin it with shape(%s, ...), or "
                                    + "set input.channels=%s in the recipe to have images converted")
                            .formatted(words(channels), found, found, channels));
        }
    }

    private static String words(int channels) {
        return channels == 1 ? "1 channel" : channels + " channels";
    }

    private static void checkClasses(Sequential net, Shape input, Dataset train) {
        Shape made = input.after(net);
        int classes = train.classes().size();
        if (!made.equals(Shape.of(classes))) {
            throw new IllegalArgumentException(
                    "the network ends with %s values, the data has %s classes. End it with dense(%s)"
                            .formatted(made, classes, classes));
        }
    }
}
