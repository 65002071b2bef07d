package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.image.ImageException;
import dev.fovea.run.Predictor;
import dev.fovea.run.TaskTypes;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea predict}: predictions for images. */
@Command(
        name = "predict",
        description = "Predicts what images or clips show: a class, labels, or numbers, by the model's task.",
        footer = {
            "",
            "Examples:",
            "  fovea predict runs/flowers-1 rose.jpg",
            "  fovea predict runs/flowers-1 photos --json",
            "  fovea predict runs/flowers-1 photos --reject --coverage 0.95",
            "  fovea predict runs/flowers-1 photos --with runs/flowers-2,runs/flowers-3",
            "  fovea predict runs/gestures-1 waving.gif",
            "  fovea predict resnet50 cat.jpg --weights imagenet"
        })
final class PredictCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = ModelChoice.MODEL)
    private Path model;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "IMAGE",
            description =
                    "Image files and folders of them; for a network of clips: folders of numbered images, GIFs, videos.")
    private List<Path> images;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(
            names = "--top",
            defaultValue = "5",
            paramLabel = "N",
            description = "Classes or labels that an answer names (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--precision",
            defaultValue = "fp32",
            description = "Precision: auto, fp32 or bf16 (default: fp32).")
    private String precision;

    @Option(
            names = "--coverage",
            paramLabel = "SHARE",
            description = "With each answer a set of classes that holds the true one for so many images: 0.95.")
    private double coverage;

    @Option(names = "--reject", description = "Answer \"not sure\" about images that are unlike those of the training.")
    private boolean reject;

    @Option(
            names = "--tta",
            paramLabel = "none|flip|shifts",
            description =
                    "Test-time augmentation of a classifier: flip for the mirror image too, shifts for shifted copies "
                            + "as well (default: as its package says).")
    private String tta;

    @Mixin
    private ModelChoice choice;

    @Mixin
    private EnsembleOption ensemble;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        boolean clips = choice.content(model) == Data.Content.CLIPS;
        List<Path> paths =
                images.stream().flatMap(path -> files(path, clips).stream()).toList();
        var files = clips ? PerFile.of(paths) : PerFile.images(paths);
        Predictor predictor = predictor().with(top, precision).with(coverage, reject);
        return files.print(output, Map.of(), "predictions", (file, row) -> {
            Predictor.Answer answer = clips ? clip(predictor, file) : predictor.predict(files.read(file));
            row.putAll(answer.values());
            return file + "  " + answer.text();
        });
    }

    private Predictor predictor() {
        if (ensemble.given()) {
            if (tta != null) {
                throw new IllegalArgumentException("--tta: is not for --with. Leave one of them out");
            }
            return ensemble.with(choice.classifier(model, device, output), device);
        }
        TaskTypes.Saved saved = choice.load(model, device, output);
        return (tta == null ? saved : saved.with("tta", tta)).predictor();
    }

    /** The image files of a folder; for a network of clips a folder is a clip. */
    private static List<Path> files(Path path, boolean clips) {
        return Files.isDirectory(path) && !clips ? Data.images(path) : List.of(path);
    }

    /** @throws ImageException if it cannot be read, or is a device or a pipe, which may never end */
    private static Predictor.Answer clip(Predictor predictor, Path path) {
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new ImageException(path + ": a device or a pipe. Write the clip to a file first");
        }
        try {
            return predictor.predict(path);
        } catch (UncheckedIOException e) {
            throw new ImageException(Failure.sentence(e));
        }
    }
}
