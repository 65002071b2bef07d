package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.image.ImageException;
import dev.fovea.io.Escaped;
import dev.fovea.task.Classifier;
import dev.fovea.task.Prediction;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea predict}: what a model sees in pictures. */
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
        var classifier = Classifier.load(model, device);
        var json = new ArrayList<Map<String, Object>>();
        var text = new StringBuilder();
        int broken = 0;
        List<Path> files = images.stream()
                .flatMap(path -> files(path, classifier.clips()).stream())
                .toList();
        for (Path file : files) {
            var row = new LinkedHashMap<String, Object>();
            row.put("file", file.toString());
            try {
                Prediction prediction = classifier.predict(regular(file));
                row.put("top", prediction.top());
                text.append(line(file, prediction)).append(System.lineSeparator());
            } catch (ImageException | DataException | UncheckedIOException e) {
                if (files.size() == 1) {
                    throw e;
                }
                // One broken file does not keep the others from their answers.
                broken++;
                row.put("error", Escaped.line(Failure.sentence(e)));
                output.say("%s", "fovea: " + Failure.sentence(e));
            }
            json.add(row);
        }
        output.print(Map.of("predictions", json), text.toString());
        return broken == 0 ? 0 : CommandLine.ExitCode.USAGE;
    }

    /** The image files of a folder; for a network of clips a folder is a clip. */
    private static List<Path> files(Path path, boolean clips) {
        return Files.isDirectory(path) && !clips ? Data.images(path) : List.of(path);
    }

    /** @throws ImageException of a device or a pipe, which may never end */
    private static Path regular(Path path) {
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new ImageException(path + ": a device or a pipe. Write the image to a file first");
        }
        return path;
    }

    private static String line(Path file, Prediction prediction) {
        return prediction.top().stream()
                .map(ranked -> String.format(Locale.ROOT, "%s %.3f", ranked.label(), ranked.probability()))
                .collect(Collectors.joining("  ", file + "  ", ""));
    }
}
