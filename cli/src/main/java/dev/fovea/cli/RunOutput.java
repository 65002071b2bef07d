package dev.fovea.cli;

import dev.fovea.run.Runs;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.Listener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a command says of a run that has ended. */
final class RunOutput {

    /** Of the validation metrics, those that a line has room for. */
    private static final List<String> SHOWN =
            List.of("accuracy", "map", "microF1", "r2", "rmse", "loss", "mse", "mae", "psnr", "bitsPerPixel");

    private RunOutput() {}

    /** Gives the exit code. */
    static int print(TrainingRun.Result result, Output output) {
        boolean stopped = result.end() == Listener.End.STOPPED;
        Path saved = result.folder().resolve("model");
        Path report = result.folder().resolve("report.html");
        var json = new LinkedHashMap<String, Object>();
        json.put("run", result.folder().toString());
        if (Files.isDirectory(saved)) {
            json.put("model", saved.toString());
        }
        if (!stopped && Files.isRegularFile(report)) {
            json.put("report", report.toString());
        }
        json.put("epochs", result.epochs());
        json.put("end", result.end().name().toLowerCase(Locale.ROOT));
        json.put("seconds", result.seconds());
        result.imagesPerSecond().ifPresent(speed -> json.put("imagesPerSecond", speed));
        if (result.selected().epoch() > 0) {
            json.put("selectedEpoch", result.selected().epoch());
            json.put("selected", result.selected().words());
        }
        json.put("train", result.train());
        json.put("validation", result.validation());
        if (stopped) {
            String line = "fovea train --resume "
                    + quoted(List.of(result.folder().toString())).get(0);
            json.put("resume", line);
            output.say("go on with: %s", line);
        }
        output.print(json, text(result, saved, report));
        return 0;
    }

    /** With the metric that selected the epoch. */
    private static Set<String> shown(TrainingRun.Result result) {
        var shown = new HashSet<>(SHOWN);
        shown.add(Runs.of(result.folder()).metric());
        return shown;
    }

    private static String text(TrainingRun.Result result, Path saved, Path report) {
        boolean stopped = result.end() == Listener.End.STOPPED;
        Set<String> shown = shown(result);
        boolean known = result.validation().keySet().stream().anyMatch(SHOWN::contains); // else all are shown
        String validation = result.validation().isEmpty()
                ? stopped
                        ? "no epoch with a validation is done"
                        : Files.isRegularFile(report)
                                ? "images are held out, but without classes there are no metrics"
                                : "none held out"
                : result.validation().entrySet().stream()
                        .filter(e -> !known || shown.contains(e.getKey()))
                        .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", ", "", stopped ? "" : " (evaluated in float32)"));
        String written = stopped
                ? "none, the run was stopped"
                : Files.isRegularFile(report) ? report.toString() : "none, no images were held out";
        return String.format(
                Locale.ROOT,
                """
                run         %s
                model       %s%s
                validation  %s
                report      %s
                took        %.0f s%s
                """,
                result.folder(),
                Files.isDirectory(saved) ? saved : "none",
                result.selected().epoch() == 0 ? "" : ": " + result.selected().words(),
                validation,
                written,
                result.seconds(),
                result.imagesPerSecond().isEmpty()
                        ? ""
                        : " (%s images a second in training)"
                                .formatted(ProgressView.speed(
                                        result.imagesPerSecond().getAsDouble())));
    }

    /** As a shell takes them. */
    static List<String> quoted(List<String> arguments) {
        return arguments.stream()
                .map(word -> word.matches("[A-Za-z0-9_./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .toList();
    }
}
