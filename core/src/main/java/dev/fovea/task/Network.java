package dev.fovea.task;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Batch;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Targets;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.io.FormatException;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Layer;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.Trainer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A trained network on a device, in evaluation mode. */
record Network(ModelPackage model, Device device) {

    private static final int AT_ONCE = 256;

    Network {
        model.net().state().to(device);
        model.net().state().train(false);
    }

    /**
     * Reads a model package, or the model of a run folder.
     *
     * @param tasks that the caller can use
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    static Network load(Path path, String device, List<String> tasks) {
        Path folder = SavedModel.folder(path);
        ModelPackage model = ModelPackage.read(folder);
        if (!tasks.contains(model.config().task())) {
            throw new IllegalArgumentException("%s: a model for %s, expected one for %s"
                    .formatted(folder, model.config().task(), String.join(" or ", tasks)));
        }
        return new Network(model, Device.of(device));
    }

    Layer net() {
        return model.net();
    }

    /** Its preprocessing. */
    Preprocess preprocess() {
        return model.config().preprocess();
    }

    Pixels pixels() {
        return new Pixels(preprocess(), device);
    }

    /** The recipe it was trained by. */
    Recipe recipe() {
        String text = model.config().provenance().getOrDefault("recipe", "");
        Recipe recipe = RecipeFile.parse(text, List.of(), "config.json, recipe");
        if (!recipe.task().word().equals(model.config().task())) {
            throw new FormatException("config.json: the model is for %s, its recipe is for %s"
                    .formatted(model.config().task(), recipe.task().word()));
        }
        return recipe;
    }

    /** Images of any size as the network's input, values 0 to 1: [N, C, H, W]. */
    Tensor input(List<Image> images) {
        return ImageTensors.of(images.stream().map(preprocess()::apply).toList())
                .to(device);
    }

    /** An image or stack of frames that is already in the network's size, as the network's input, [1, C, (T,) H, W]. */
    Tensor normalized(Image seen) {
        return normalized(seen, preprocess().frames().length());
    }

    /** One frame in the network's size: [1, C, H, W]. */
    Tensor still(Image seen) {
        return normalized(seen, 1);
    }

    private Tensor normalized(Image seen, int frames) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(seen.pixels().length)
                .put(seen.pixels())
                .flip();
        return pixels().images(new Batch(
                bytes,
                1,
                frames,
                seen.height() / frames,
                seen.width(),
                seen.channels(),
                new Targets.None(),
                new int[1]));
    }

    /** Metrics of {@code objective} on {@code data}. */
    Map<String, Double> evaluate(Objective objective, Dataset data, int atOnce) {
        try (var loader = loader(data, atOnce)) {
            return Trainer.evaluate(net(), objective, loader, Precision.FP32, device);
        }
    }

    /** One row of numbers for each image of {@code data}: the output of {@code function} on batches of them. */
    List<float[]> rows(Dataset data, Function<Tensor, Tensor> function) {
        var rows = new ArrayList<float[]>();
        Pixels pixels = pixels();
        try (var loader = loader(data, AT_ONCE);
                var noGrad = new NoGrad()) {
            for (Iterator<Batch> batches = loader.epoch(0, 0); batches.hasNext(); ) {
                try (var scope = new Scope()) {
                    Batch batch = batches.next();
                    float[] all = function.apply(pixels.images(batch)).toFloats();
                    int width = all.length / batch.size();
                    for (int i = 0; i < batch.size(); i++) {
                        rows.add(java.util.Arrays.copyOfRange(all, i * width, (i + 1) * width));
                    }
                }
            }
        }
        return rows;
    }

    private Loader loader(Dataset data, int atOnce) {
        return new Loader(data, preprocess(), Augmentation.NONE, Loader.Options.sequential(atOnce));
    }
}
