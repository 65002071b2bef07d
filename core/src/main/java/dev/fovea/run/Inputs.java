package dev.fovea.run;

import dev.fovea.data.ChannelStatistics;
import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.FrameSampling;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.EngineException;
import dev.fovea.image.Size;
import dev.fovea.models.FittedToData;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.Models;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Shape;
import dev.fovea.train.InputSize;
import dev.fovea.train.ProgressiveResizing;
import dev.fovea.train.Recipe;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The input of a recipe's network: size and channels from recipe or model, normalisation from the data. */
public final class Inputs {

    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    private static final List<Double> IMAGENET_DEVIATION = List.of(0.229, 0.224, 0.225);

    private Inputs() {}

    /**
     * The same for a network whose output is an image of values from 0 to 1, so that its input must be one.
     *
     * @throws IllegalArgumentException if the recipe asks for another normalisation
     */
    public static Preprocess unit(Recipe recipe, Dataset train) {
        if (recipe.input().normalize() != Recipe.Normalize.UNIT) {
            throw new IllegalArgumentException(
                    "input.normalize must be unit for task %s, whose images come back as values from 0 to 1, got %s"
                            .formatted(
                                    recipe.task().word(),
                                    recipe.input().normalize().name().toLowerCase(java.util.Locale.ROOT)));
        }
        return of(recipe, train);
    }

    /** What the network of a recipe is shown. */
    public static Preprocess of(Recipe recipe, Dataset train) {
        Optional<ModelEntry.Input> published = Models.input(recipe.model());
        InputSize size = recipe.input().size().own()
                ? published.map(own -> new InputSize(own.height(), own.width())).orElse(InputSize.OWN)
                : recipe.input().size();
        int channels = recipe.input().channels() > 0
                ? recipe.input().channels()
                : published.map(ModelEntry.Input::channels).orElse(3);
        if (size.own()) {
            throw new IllegalArgumentException(
                    "a network given as layers has no input size of its own: set input.size, " + "as in input.size=32");
        }
        int ownFrames = published.map(ModelEntry.Input::frames).orElse(1);
        FrameSampling sampling = recipe.input().frames();
        if (ownFrames == 1 && sampling.length() > 1) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s: takes one image at a time, got input.frames.length=%d. `models` lists networks for clips, such as cnn-rnn",
                    recipe.model(),
                    sampling.length()));
        }
        if (ownFrames == 1 && sampling.length() == 0 && train.clips()) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: takes one image at a time, the data was read as %,d clips of which it would see one frame each. Read the data as images (format=folder), set input.frames.length=1 if one frame is enough, or take a network for clips such as cnn-rnn",
                    recipe.model(),
                    train.size()));
        }
        if (ownFrames > 1 && !train.clips()) {
            throw new DataException(
                    "%s: is for clips, the data has images. Expected class folders of clips, as folders of numbered images, gifs or videos"
                            .formatted(recipe.model()));
        }
        Preprocess plain = plain(recipe, size, channels)
                .withFrames(sampling.length() == 0 ? sampling.withLength(ownFrames) : sampling);
        Loader.batchBytes(plain, Math.min(recipe.batch(), Math.max(1, train.size())));
        return switch (recipe.input().normalize()) {
            case UNIT -> plain;
            case IMAGE -> plain.withScaling(Preprocess.Scaling.IMAGE);
            case WHITEN -> plain.withScaling(Preprocess.Scaling.WHITEN);
            case IMAGENET ->
                plain.withNormalization(fitted(IMAGENET_MEAN, channels), fitted(IMAGENET_DEVIATION, channels));
            case GIVEN ->
                plain.withNormalization(
                        fitted(recipe.input().mean(), channels),
                        fitted(recipe.input().std(), channels));
            case DATA -> {
                var statistics = ChannelStatistics.of(train, plain);
                yield plain.withNormalization(statistics.mean(), statistics.std());
            }
        };
    }

    /**
     * The input of a recipe's network: images, clips, or for {@code input.frames.length=1} one frame of each clip.
     */
    static Data.Content content(Recipe recipe) {
        boolean clips =
                Models.input(recipe.model()).map(ModelEntry.Input::frames).orElse(1) > 1;
        return clips
                ? Data.Content.CLIPS
                : recipe.input().frames().length() == 1 ? Data.Content.ANY : Data.Content.IMAGES;
    }

    /**
     * The recipe's network with initial weights, some of them frozen where it says so; a layer that is computed from images is computed
     * from {@code train}.
     *
     * @throws IllegalArgumentException if it does not fit, or cannot be frozen so
     */
    public static Module network(TaskType<?> type, Recipe recipe, Preprocess preprocess, Dataset train) {
        int classes = type.outputs(recipe, train).size();
        Module net = Models.create(recipe.model(), preprocess, classes);
        type.checkFits(recipe.model(), net, preprocess, classes);
        if (!type.steps() && !recipe.freeze().isEmpty()) {
            throw new IllegalArgumentException(
                    "freeze: task %s trains no weights step by step, so there are none to freeze. Leave it out"
                            .formatted(type.word()));
        }
        net.state().freeze(recipe.freeze());
        checkProgressiveResizing(recipe, preprocess, net);
        if (net instanceof FittedToData fitted) {
            fitted.fit(train, preprocess);
        }
        return net;
    }

    /** Refuses sizes on the way that the network cannot take, before the first epoch has been trained. */
    private static void checkProgressiveResizing(Recipe recipe, Preprocess preprocess, Module net) {
        ProgressiveResizing resizing = recipe.input().progressiveResizing();
        var seen = new HashSet<Size>(List.of(preprocess.size()));
        for (int epoch = 1; epoch <= recipe.epochs() && !resizing.off(); epoch++) {
            Size size = resizing.at(epoch, recipe.epochs(), preprocess.size());
            if (seen.add(size) && !takes(net, preprocess, size)) {
                throw new IllegalArgumentException(
                        "input.progressiveResizing: '%s' cannot take images of %sx%s pixels, the size of epoch %s. Set another initialScale or sizeIncrement, or leave it out"
                                .formatted(recipe.model(), size.height(), size.width(), epoch));
            }
        }
    }

    /** Whether a network makes of images of another size what it makes of those of its own. */
    private static boolean takes(Module net, Preprocess preprocess, Size size) {
        Layer layer = Layer.of(net);
        Shape own = Shape.of(preprocess.channels(), preprocess.height(), preprocess.width());
        try {
            return Shape.of(preprocess.channels(), size.height(), size.width())
                    .after(layer)
                    .equals(own.after(layer));
        } catch (IllegalArgumentException | EngineException e) {
            return false;
        }
    }

    /** Whether it has batch norms, which need more than one image in training. */
    public static boolean hasBatchNorm(Module net) {
        return net.state().buffers().keySet().stream().anyMatch(name -> name.endsWith("running_var"));
    }

    /** Divided by 255, nothing more. */
    public static Preprocess plain(Recipe recipe, InputSize size, int channels) {
        Recipe.Input input = recipe.input();
        Preprocess plain = Preprocess.of(size.height(), size.width(), channels)
                .withResize(input.resize())
                .withFilter(input.filter(), input.antialias());
        return input.crop() < 1 ? plain.withCrop(input.crop(), input.filter()) : plain;
    }

    /** Values of channels, or for images of another number of channels their mean for each. */
    private static List<Double> fitted(List<Double> values, int channels) {
        double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
        return channels == values.size() ? values : Collections.nCopies(channels, mean);
    }
}
