package dev.fovea.cli;

import dev.fovea.data.Dataset;
import dev.fovea.run.Robustness;
import dev.fovea.run.TaskTypes;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Evaluation of a classifier on corrupted images. */
final class RobustnessOption {

    @Option(
            names = "--corrupt",
            arity = "0..1",
            fallbackValue = "all",
            split = ",",
            paramLabel = "KINDS",
            description = "Error of a classifier under common corruptions, each at five severities: all, or such as "
                    + "noise,fog.")
    private List<String> corrupt = List.of();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Folder for corruption.html, its charts and corruption.csv, with --corrupt.")
    private Path report;

    /** Whether it is asked for. */
    boolean given() {
        return !corrupt.isEmpty();
    }

    /**
     * Refuses what can be seen to be wrong before data is read.
     *
     * @throws IllegalArgumentException if a corruption is unknown, or there is a report of nothing
     */
    void check() {
        if (report != null && corrupt.isEmpty()) {
            throw new IllegalArgumentException("--report means nothing without --corrupt");
        }
        Robustness.kinds(corrupt);
    }

    /**
     * Evaluates, prints, and writes the report where there is to be one.
     *
     * @param model as the user named it
     * @param data as the user named it
     */
    int evaluate(TaskTypes.Saved saved, Dataset images, Path model, String data, String part, Output output) {
        Robustness found = Robustness.of(
                saved,
                images,
                Robustness.kinds(corrupt),
                row -> output.say(
                        "%s: mean error %s", row.kind().word(), String.format(Locale.ROOT, "%.4f", row.mean())));
        var json = new LinkedHashMap<String, Object>();
        json.put("images", images.size());
        json.put("part", part);
        json.putAll(found.values());
        String text = found.table();
        if (report != null) {
            var about = new LinkedHashMap<String, String>();
            about.put("model", model.toString());
            about.put("data", "%s, %s part, %s images".formatted(data, part, images.size()));
            Path folder = new OutputFolder(report).path();
            found.write(folder, about);
            Path page = folder.resolve("corruption.html");
            json.put("report", page.toString());
            text += "report  " + page;
        }
        output.print(json, text);
        return 0;
    }
}
