package dev.fovea.cli;

import dev.fovea.run.DataRequest;
import dev.fovea.run.RunSettings;
import dev.fovea.search.AutoTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fovea auto}: a model within a time limit, from data alone. */
@Command(
        name = "auto",
        description =
                "Trains a model within a time limit: looks at the data, measures which networks fit the time, compares them, "
                        + "searches settings, trains the best, and says why.",
        footer = {
            "",
            "Examples:",
            "  fovea auto --data flowers --minutes 15",
            "  fovea auto --data faces.csv --targets age --minutes 30",
            "  fovea auto --data shapes --minutes 2 -o first-try"
        })
final class AutoCommand implements Callable<Integer> {

    private final long began = System.nanoTime();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description = "Folder, archive, CSV or name; DATA:train names a part.")
    private String data;

    @Option(names = "--minutes", required = true, paramLabel = "M", description = "Minutes for all of it.")
    private double minutes;

    @Option(
            names = "--targets",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of numbers to learn (default: found out from the data).")
    private List<String> targets = List.of();

    @Option(names = "--per-class", paramLabel = "N", description = "Number of training images of each class at most.")
    private Integer perClass;

    @Option(names = "--skip-broken", description = "Leave unreadable images out instead of stopping.")
    private boolean skipBroken;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of everything (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder to make for all of it (default: auto-1, or the next that is free).")
    private Path out;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (!(minutes > 0 && Double.isFinite(minutes))) {
            throw new IllegalArgumentException("--minutes: expected a number above 0, got " + minutes);
        }
        if (perClass != null && perClass < 1) {
            throw new IllegalArgumentException("--per-class: expected a number from 1, got " + perClass);
        }
        var request = new DataRequest(data, "", "", skipBroken, List.of(), perClass == null ? 0 : perClass, "", 0);
        Path folder = out == null ? free() : out;
        if (Files.exists(folder)) {
            throw new IllegalArgumentException(folder + ": is there already. Name another folder with --out");
        }
        var settings =
                RunSettings.in(folder, "run").withDevice(device).withListeners(List.of(new ProgressView(output)));
        try (var interruption = new Interruption()) {
            var time = Duration.ofMillis(Math.max(1, Math.round(minutes * 60_000)));
            print(
                    AutoTraining.run(
                            new AutoTraining.Asked(request, targets, time, seed),
                            settings,
                            folder,
                            text -> output.say("%s", text),
                            interruption),
                    folder);
        }
        return 0;
    }

    private static Path free() {
        int n = 1;
        while (Files.exists(Path.of("auto-" + n))) {
            n++;
        }
        return Path.of("auto-" + n);
    }

    private void print(AutoTraining.Found found, Path folder) {
        Path page = folder.resolve(AutoTraining.PAGE);
        var json = new LinkedHashMap<String, Object>();
        json.put("finished", found.finished());
        json.put("run", found.run().toString());
        json.put("model", found.run().resolve("model").toString());
        json.put("metric", found.metric());
        json.put("value", found.value());
        json.put("validation", found.validation());
        found.together().ifPresent(together -> {
            json.put("with", together.others().stream().map(Path::toString).toList());
            json.put("valueWith", together.value());
        });
        json.put("story", found.story());
        json.put("page", page.toString());
        json.put("seconds", (System.nanoTime() - began) / 1e9);
        Path report = found.run().resolve("report.html");
        output.print(
                json,
                String.format(
                        Locale.ROOT,
                        """
                        model       %s
                        validation  %s %.4f%s
                        report      %s
                        page        %s
                        took        %.0f s
                        """,
                        found.run().resolve("model"),
                        found.metric(),
                        found.value(),
                        found.together()
                                .map(together -> String.format(
                                        Locale.ROOT,
                                        "%ntogether    %s %.4f, --with %s",
                                        found.metric(),
                                        together.value(),
                                        together.others().stream()
                                                .map(Path::toString)
                                                .collect(Collectors.joining(","))))
                                .orElse(""),
                        Files.isRegularFile(report) ? report : "none, the training was stopped",
                        page,
                        found.seconds()));
    }
}
