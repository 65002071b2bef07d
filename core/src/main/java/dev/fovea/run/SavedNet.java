package dev.fovea.run;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Batch;
import dev.fovea.data.Data;
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
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.train.Evaluator;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeReader;
import dev.fovea.train.Task;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A trained network on a device, in evaluation mode, as all that use one need it.
 *
 * @param corruption of the images that it is evaluated on; usually none
 */
public record SavedNet(ModelPackage model, Device device, Augmentation corruption) {

    private static final int AT_ONCE = 256;

    public SavedNet {
        model.net().state().to(device);
        model.net().state().train(false);
    }

    public SavedNet(ModelPackage model, Device device) {
        this(model, device, Augmentation.NONE);
    }

    /** The same, evaluated on images that are corrupted so, in the network's size. */
    public SavedNet withCorruption(Augmentation value) {
        return new SavedNet(model, device, value);
    }

    /**
     * Reads a model package, the model of a run folder or an ONNX file, of whatever task.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged
     */
    public static SavedNet load(Path path, String device) {
        return new SavedNet(ModelPackage.read(folder(path)), Device.of(device));
    }

    /**
     * Reads a model package, the model of a run folder or an ONNX file.
     *
     * @param device auto, cpu or cuda
     * @param types one of which it must be for
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static SavedNet load(Path path, String device, List<? extends TaskType<?>> types) {
        Path folder = folder(path);
        ModelPackage model = ModelPackage.read(folder);
        String word = model.config().task().type();
        TaskType<?> type = types.stream()
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s: a model for %s, expected one for %s"
                        .formatted(
                                folder,
                                Escaped.of(word),
                                types.stream().map(TaskType::word).collect(Collectors.joining(" or ")))));
        Architecture architecture = model.config().architecture();
        String network = architecture.text();
        if (!type.network().isInstance(model.net()) || !type.trains(architecture.network())) {
            throw new FormatException(
                    "%s: '%s' is a network that cannot do %s".formatted(configOf(folder), Escaped.of(network), word));
        }
        try {
            type.checkFits(
                    network,
                    model.net(),
                    model.config().preprocess(),
                    model.config().classes().size());
        } catch (IllegalArgumentException e) {
            throw new FormatException("%s: %s".formatted(configOf(folder), e.getMessage()));
        }
        return new SavedNet(model, Device.of(device));
    }

    /** The file that says what the model is. */
    private static Path configOf(Path model) {
        return Files.isDirectory(model) ? model.resolve(ModelPackage.CONFIG) : model;
    }

    /**
     * What the model at {@code path} is; its weights are not read.
     *
     * @throws IllegalArgumentException if there is no model, or it is damaged
     */
    public static ModelPackage.Config config(Path path) {
        return ModelPackage.readConfig(folder(path));
    }

    /** The file with the weights of the model at {@code path}, whether it is there or not. */
    public static Path weights(Path path) {
        Path folder = folder(path);
        return Files.isDirectory(folder) ? folder.resolve(ModelPackage.WEIGHTS) : folder;
    }

    /** What the network of the model at {@code path} is shown, for reading folders that could be images or clips. */
    public static Data.Content content(Path path) {
        return config(path).preprocess().frames().length() > 1 ? Data.Content.CLIPS : Data.Content.IMAGES;
    }

    /** Where the package of {@code path} lies: in the folder of a run, or there. */
    public static Path folder(Path path) {
        return ModelPackage.folder(path);
    }

    /** What the network is, what it is shown and how it was made. */
    public ModelPackage.Config config() {
        return model.config();
    }

    /**
     * The settings it was trained with.
     *
     * @throws dev.fovea.train.RecipeException if they are not those of {@code type}
     */
    public <S extends Task> S settings(TaskType<S> type) {
        var reader = new RecipeReader(type.defaults(), (name, task) -> Recipe.base(name));
        return type.settings().cast(reader.task(config().task().values(), "config.json"));
    }

    public Module net() {
        return model.net();
    }

    /** While it is open, nobody changes the weights; any number of threads may have it open. */
    public Use reading() {
        return new Use(net().state().use().readLock());
    }

    /** While it is open, nobody else computes with the network, which may then be changed for a while. */
    public Use alone() {
        return new Use(net().state().use().writeLock());
    }

    /** A time of using a network that others may use too. */
    public static final class Use implements AutoCloseable {

        private final Lock lock;

        private Use(Lock lock) {
            this.lock = lock;
            lock.lock();
        }

        @Override
        public void close() {
            lock.unlock();
        }
    }

    /**
     * The network as a function of images.
     *
     * @throws IllegalArgumentException if it is none
     */
    public Layer layer() {
        return Layer.of(net());
    }

    /** What it wants to be shown. */
    public Preprocess preprocess() {
        return model.config().preprocess();
    }

    public Pixels pixels() {
        return new Pixels(preprocess(), device);
    }

    /** Images of any size in what the network is shown, values 0 to 1: [N, C, H, W]. */
    public Tensor input(List<Image> images) {
        return ImageTensors.of(images.stream().map(preprocess()::apply).toList())
                .to(device);
    }

    /** An image or stack of frames that is already in the network's size, as the network sees it, [1, C, (T,) H, W]. */
    public Tensor normalized(Image seen) {
        return normalized(List.of(seen));
    }

    /** Several of them, which have one size, [N, C, (T,) H, W]. */
    public Tensor normalized(List<Image> seen) {
        return normalized(seen, preprocess().frames().length());
    }

    /** One frame in the network's size: [1, C, H, W]. */
    public Tensor still(Image seen) {
        return normalized(List.of(seen), 1);
    }

    private Tensor normalized(List<Image> seen, int frames) {
        Image first = seen.get(0);
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(first.pixels().length, seen.size()));
        seen.forEach(image -> bytes.put(image.pixels()));
        return pixels().images(new Batch(
                bytes.flip(),
                seen.size(),
                frames,
                first.height() / frames,
                first.width(),
                first.channels(),
                new Targets.None(),
                new int[seen.size()]));
    }

    /** Metrics of {@code objective} on {@code data}. */
    public Map<String, Double> evaluate(Objective objective, Dataset data, int atOnce) {
        try (var loader = loader(data, atOnce)) {
            return new Evaluator(net(), objective, Precision.FP32, device).evaluate(loader);
        }
    }

    /** One row of numbers for each image of {@code data}: what {@code function} makes of batches of them. */
    public List<float[]> rows(Dataset data, Function<Tensor, Tensor> function) {
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
        return new Loader(data, preprocess(), corruption, Loader.Options.sequential(atOnce));
    }
}
