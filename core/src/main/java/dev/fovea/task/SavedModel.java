package dev.fovea.task;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.models.ModelPackage;
import dev.fovea.train.RunFolder;
import dev.fovea.train.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Models on disk whose task is not known beforehand. */
public final class SavedModel {

    private SavedModel() {}

    /**
     * The task of a model package, or of the model of a run folder, as in {@code fovea models}.
     *
     * @throws IllegalArgumentException if there is no model, or it is damaged
     */
    public static String task(Path path) {
        return ModelPackage.readConfig(folder(path)).task();
    }

    /** Whether its task is about the classes of images. */
    public static boolean labelled(Path path) {
        return Task.of(task(path)).labelled();
    }

    /** The input of its network, for reading folders that could be images or clips. */
    public static Data.Content content(Path path) {
        return ModelPackage.readConfig(folder(path)).preprocess().frames().length() > 1
                ? Data.Content.CLIPS
                : Data.Content.IMAGES;
    }

    /** The metrics of its task on {@code data}. */
    public static Map<String, Double> evaluate(Path path, String device, Dataset data) {
        return switch (task(path)) {
            case "classification" ->
                Classifier.load(path, device).evaluate(data).result().values();
            case "reconstruction", "variational", "quantisation", "masking" ->
                Autoencoder.load(path, device).evaluate(data);
            case "restoration" -> Restorer.load(path, device).evaluate(data);
            case "compression" -> Codec.load(path, device).evaluate(data);
            case "tokens", "diffusion" -> Generator.load(path, device).evaluate(data);
            case "anomaly" ->
                throw new IllegalArgumentException(
                        "%s: an anomaly detector is evaluated on normal and anomalous images, with the class of the normal ones"
                                .formatted(path));
            default ->
                throw new IllegalArgumentException(
                        "%s: a generator is evaluated by the features of a classifier trained on the same classes"
                                .formatted(path));
        };
    }

    /** Whether {@code path} is the folder of a run, beside whose results more can be put. */
    public static boolean isRun(Path path) {
        return Files.isRegularFile(new RunFolder(path).recipe());
    }

    /** Where the package of {@code path} lies. */
    static Path folder(Path path) {
        return ModelPackage.isAt(path.resolve("model")) ? path.resolve("model") : path;
    }
}
