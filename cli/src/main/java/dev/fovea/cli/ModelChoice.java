package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.TargetKind;
import dev.fovea.run.Explained;
import dev.fovea.run.PublishedWeights;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskTypes;
import dev.fovea.task.Registry;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A model that is used: a run or package, or a network of the registry with published weights. */
final class ModelChoice {

    static final String MODEL =
            "A run folder, a model package or an .onnx file; with --weights a name from `fovea models`.";

    @Option(
            names = "--weights",
            paramLabel = "imagenet|coco|TAG|FILE",
            description =
                    "Published weights for MODEL, a name of the registry: imagenet for its best, coco for those of a "
                            + "detector, a tag of `fovea "
                            + "weights list`, or a safetensors or PyTorch file.")
    private String weights = "";

    /** The weights as they are found again from another folder; empty where {@code MODEL} is a run or package. */
    String lastingWeights() {
        boolean file = !weights.isEmpty() && Files.exists(Path.of(weights));
        return file ? Path.of(weights).toAbsolutePath().normalize().toString() : weights;
    }

    /** How a model is found again from another folder. */
    String lasting(Path model) {
        return weights.isEmpty() ? model.toAbsolutePath().normalize().toString() : model.toString();
    }

    /** @throws IllegalArgumentException if a network is named without weights */
    TaskTypes.Saved load(Path model, String device, Output output) {
        if (!weights.isEmpty()) {
            return Tasks.ALL.published(model.toString(), weights, device, new Fetching(output));
        }
        check(model);
        return Tasks.ALL.load(model, device);
    }

    /** @throws IllegalArgumentException if it is no classifier */
    Classifier classifier(Path model, String device, Output output) {
        if (weights.isEmpty()) {
            check(model);
            return Classifier.load(model, device);
        }
        return Classifier.of(load(model, device, output).net());
    }

    /** What it is shown, and whether its task is about classes; known before weights are fetched. */
    Data.Content content(Path model) {
        if (!weights.isEmpty()) {
            return Data.Content.IMAGES;
        }
        check(model);
        return SavedNet.content(model);
    }

    boolean labelled(Path model) {
        return weights.isEmpty()
                ? Tasks.ALL.labelled(model)
                : Tasks.ALL.recipe(model.toString()).task().labelled();
    }

    /** Whether it is meant for classes that its training data did not have. */
    boolean newClasses(Path model) {
        return weights.isEmpty() && Tasks.ALL.newClasses(model);
    }

    /** The model, if it answers with something else than one class, which can be explained one by one. */
    Optional<Explained> explained(Path model, String device, Output output) {
        if (!weights.isEmpty()) {
            return Tasks.ALL
                    .ofModel(model.toString())
                    .explained()
                    .map(of -> of.apply(load(model, device, output).net()));
        }
        check(model);
        return Tasks.ALL.explained(model, device);
    }

    /** What of each image it learned. */
    TargetKind targetKind(Path model) {
        return weights.isEmpty()
                ? Tasks.ALL.targetKind(model)
                : Tasks.ALL.recipe(model.toString()).task().targetKind();
    }

    private static void check(Path model) {
        boolean named = model.getNameCount() == 1 && !Files.exists(model); // the registry takes seconds
        if (named && Registry.rows().stream().anyMatch(row -> row.name().equals(model.toString()))) {
            throw new IllegalArgumentException(
                    "%s: a network without weights. Name the folder of a run, or add --weights %s"
                            .formatted(model, PublishedWeights.best(model.toString())));
        }
    }
}
