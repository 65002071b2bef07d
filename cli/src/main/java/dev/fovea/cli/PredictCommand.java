package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.image.ImageException;
import dev.fovea.task.Classifier;
import dev.fovea.task.Prediction;
import dev.fovea.task.SavedModel;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea predict}: predictions for images. */
@Command(
        name = "predict",
        description = "Classifies images, or clips.",
        footer = {
            "",
            "Examples:",
            "  fovea predict runs/flowers-1 rose.jpg",
            "  fovea predict runs/flowers-1 photos --json",
            "  fovea predict runs/gestures-1 waving.gif"
        })
final class PredictCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run folder or a model package.")
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

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        boolean clips = SavedModel.content(model) == Data.Content.CLIPS;
        List<Path> paths =
                images.stream().flatMap(path -> files(path, clips).stream()).toList();
        var files = clips ? PerFile.of(paths) : PerFile.images(paths);
        var classifier = Classifier.load(model, device);
        return files.print(output, Map.of(), "predictions", (file, row) -> {
            Prediction prediction = clips ? clip(classifier, file) : classifier.predict(files.read(file));
            row.put("top", prediction.top());
            return line(file, prediction);
        });
    }

    /** The image files of a folder; for a network of clips a folder is a clip. */
    private static List<Path> files(Path path, boolean clips) {
        return Files.isDirectory(path) && !clips ? Data.images(path) : List.of(path);
    }

    /** @throws ImageException if it cannot be read, or is a device or a pipe, which may never end */
    private static Prediction clip(Classifier classifier, Path path) {
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new ImageException(path + ": a device or a pipe. Write the clip to a file first");
        }
        try {
            return classifier.predict(path);
        } catch (UncheckedIOException e) {
            throw new ImageException(Failure.sentence(e));
        }
    }

    private static String line(Path file, Prediction prediction) {
        return prediction.top().stream()
                .map(ranked -> String.format(Locale.ROOT, "%s %.3f", ranked.label(), ranked.probability()))
                .collect(Collectors.joining("  ", file + "  ", ""));
    }
}
