package dev.fovea.run;

import dev.fovea.image.Image;
import dev.fovea.io.RegularFile;
import dev.fovea.report.Charts;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RunFolder;
import dev.fovea.train.RunLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The runs below a folder: listed, compared, removed. */
public final class Runs {

    /** Metrics of which less is better; of all others more is. */
    private static final List<String> LESS =
            List.of("loss", "mse", "mae", "fid", "kid", "distance", "bits", "error", "brier", "nll", "kl", "eer");

    static final Comparator<Row> NEWEST_FIRST =
            Comparator.comparing(Row::started).reversed().thenComparing(Row::name);

    /** A column of {@code metrics.csv} of which there is a curve; a chart's file is named by it. */
    private static final Pattern METRIC = Pattern.compile("(train|validation)_\\w+");

    /**
     * One run.
     *
     * @param name of its folder
     * @param run its folder
     * @param model as in its recipe
     * @param data as the user named it, or empty
     * @param metric the metric its best epoch is chosen by, or empty
     * @param best the value of that metric in the best epoch, or NaN
     * @param epochs done
     * @param seconds of all its processes, without pauses
     * @param seed of its recipe
     * @param state running, finished, early, stopped, failed, or interrupted where it was killed
     * @param started date and time, or empty
     * @param task as in its recipe, or empty
     * @param curve values of {@code metric} in validation, epoch by epoch, or of training where there are none
     * @param metrics of the saved model on its validation data, by name; none before it is saved
     * @param notes that people wrote about it
     * @param problem what of it cannot be read and why, in sentences; empty where all can
     */
    public record Row(
            String name,
            Path run,
            String model,
            String data,
            String metric,
            double best,
            int epochs,
            double seconds,
            long seed,
            String state,
            String started,
            String task,
            List<Double> curve,
            Map<String, Double> metrics,
            RunNotes notes,
            String problem) {

        /** Whether it was trained to its end, which patience may have set. */
        public boolean ended() {
            return List.of("finished", "early").contains(state);
        }
    }

    /**
     * What several runs have in common, and what not.
     *
     * @param runs in the order they were named
     * @param differences of their recipes, data and starting weights: one value for each run, by key
     * @param curves of metrics that at least two of them have: values of each run, {@code [epoch, value]}
     */
    public record Compared(
            List<Row> runs, Map<String, List<String>> differences, Map<String, Map<String, List<double[]>>> curves) {}

    private Runs() {}

    /**
     * The runs that lie in {@code folder}, those begun last first. Folders that are no runs are passed over.
     *
     * @throws IllegalArgumentException if there is no such folder
     */
    public static List<Row> in(Path folder) {
        return folders(folder).stream().map(Runs::row).sorted(NEWEST_FIRST).toList();
    }

    /** The run folders in {@code folder}, in no order. */
    static List<Path> folders(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    folder + ": there is no such folder. Expected one that holds run folders, as `runs` does");
        }
        try (var inside = Files.list(folder)) {
            return inside.filter(Runs::isRun).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    /**
     * One run.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Row of(Path run) {
        return row(checked(run));
    }

    /** What the epochs of a run came to, as {@code metrics.csv} has it: values by name. */
    public static List<Map<String, Double>> epochs(Path run) {
        return history(new RunFolder(run).metrics());
    }

    /**
     * Two or more runs side by side.
     *
     * @throws IllegalArgumentException if one is no run, or there are fewer than two
     */
    public static Compared compare(List<Path> runs) {
        if (runs.size() < 2) {
            throw new IllegalArgumentException("compare: expected two runs or more, got " + runs.size());
        }
        List<Row> rows = runs.stream().map(Runs::checked).map(Runs::row).toList();
        return new Compared(rows, RunDifferences.of(runs), curves(runs, labels(rows)));
    }

    /**
     * Draws one chart a metric, with a line for each run, as PNG into {@code folder}; returns the files.
     *
     * @throws IllegalArgumentException if the runs have no metric in common
     */
    public static List<Path> draw(Compared compared, Path folder) {
        if (compared.curves().isEmpty()) {
            throw new IllegalArgumentException("compare: the runs have no metric in common, there is nothing to draw");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        var files = new ArrayList<Path>();
        compared.curves().forEach((metric, lines) -> {
            String[] words = metric.split("_", 2);
            Path file = folder.resolve(words[0] + "-" + words[1] + ".png");
            Image.write(file, Charts.lines(words[1] + " in " + words[0], "epoch", words[1], lines));
            files.add(file);
        });
        return files;
    }

    /**
     * Removes a run folder with all that is in it.
     *
     * @throws IllegalArgumentException if it is no run, or is being trained
     */
    public static void remove(Path run) {
        new TemporaryFolder(removable(run)).close();
    }

    /** @throws IllegalArgumentException if it is no run, or is being trained */
    static Path removable(Path run) {
        if (Files.isSymbolicLink(checked(run))) {
            throw new IllegalArgumentException(run + ": is a link to a run. Name the run itself");
        }
        if (RunLock.isHeld(new RunFolder(run))) {
            throw new IllegalArgumentException(run + ": is being trained. Stop it first");
        }
        return run;
    }

    /** Whether {@code path} is the folder of a run, beside whose results more can be put. */
    public static boolean isRun(Path path) {
        return Files.isRegularFile(new RunFolder(path).recipe());
    }

    static Path checked(Path run) {
        if (!isRun(run)) {
            throw new IllegalArgumentException(
                    run + ": not a run folder (no recipe.yaml). Name the folder of a run, such as runs/flowers-1");
        }
        return run;
    }

    static Row row(Path run) {
        var problems = new ArrayList<String>();
        Optional<RunFacts> facts = facts(run, problems);
        RunNotes notes = readable(() -> RunNotes.read(run), RunNotes.NONE, problems);
        List<Map<String, Double>> history = history(new RunFolder(run).metrics());
        Map<String, String> recipe = recipe(run, problems);
        String metric = facts.map(f -> f.outcome().criterion())
                .filter(name -> !name.isEmpty())
                .orElseGet(() -> guessed(history));
        return new Row(
                String.valueOf(run.toAbsolutePath().normalize().getFileName()),
                run,
                recipe.getOrDefault("model", "(unreadable recipe)"),
                facts.map(f -> f.asked().data().from(run).data()).orElse(""),
                metric,
                best(history, metric, facts),
                history.isEmpty() ? facts.map(f -> f.outcome().epochs()).orElse(0) : history.size(),
                Math.max(
                        facts.map(f -> f.outcome().seconds()).orElse(0.0),
                        history.stream()
                                .mapToDouble(row -> row.getOrDefault("seconds", 0.0))
                                .sum()),
                seed(recipe),
                state(run, facts),
                facts.map(f -> f.asked().started()).orElse(""),
                recipe.getOrDefault("task.type", ""),
                curve(history, metric),
                facts.map(f -> f.outcome().metrics()).orElse(Map.of()),
                notes,
                String.join(" ", problems));
    }

    private static long seed(Map<String, String> recipe) {
        try {
            return Long.parseLong(recipe.getOrDefault("seed", "0"));
        } catch (NumberFormatException e) {
            return 0; // of a recipe that somebody has changed
        }
    }

    private static List<Double> curve(List<Map<String, Double>> history, String metric) {
        return Stream.of("validation_" + metric, "train_" + metric)
                .map(column -> history.stream()
                        .map(row -> row.getOrDefault(column, Double.NaN))
                        .filter(Double::isFinite)
                        .toList())
                .filter(values -> !values.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static String state(Path run, Optional<RunFacts> facts) {
        String end = facts.map(f -> f.outcome().end()).orElse("");
        if (end.equals(RunFacts.Outcome.RUNNING)) {
            return RunLock.isHeld(new RunFolder(run)) ? end : "interrupted";
        }
        return end;
    }

    private static double best(List<Map<String, Double>> history, String metric, Optional<RunFacts> facts) {
        String column = "validation_" + metric;
        OptionalDouble best = history.stream()
                .map(row -> row.getOrDefault(column, Double.NaN))
                .filter(Double::isFinite)
                .mapToDouble(value -> value)
                .reduce(lessIsBetter(metric) ? Math::min : Math::max);
        if (best.isPresent()) {
            return best.getAsDouble();
        }
        return facts.map(f -> f.outcome().metrics().getOrDefault(metric, Double.NaN))
                .orElse(Double.NaN);
    }

    /** Whether a metric is an error or a loss; of all others more is better. */
    public static boolean lessIsBetter(String metric) {
        String lower = metric.toLowerCase(Locale.ROOT);
        return LESS.stream().anyMatch(lower::contains);
    }

    /** What a run of an early release, or one that was killed, is most likely chosen by. */
    private static String guessed(List<Map<String, Double>> history) {
        return history.stream().anyMatch(row -> row.containsKey("validation_accuracy"))
                ? "accuracy"
                : history.stream().anyMatch(row -> row.containsKey("validation_loss")) ? "loss" : "";
    }

    /** The rows of {@code metrics.csv}; what is no number is left out. */
    private static List<Map<String, Double>> history(Path file) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        List<String> lines;
        try {
            lines = RegularFile.text(file).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
        var rows = new ArrayList<Map<String, Double>>();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] names = lines.get(0).split(",");
            String[] cells = line.split(",", -1);
            var row = new LinkedHashMap<String, Double>();
            for (int i = 0; i < Math.min(names.length, cells.length); i++) {
                try {
                    row.put(names[i], Double.parseDouble(cells[i]));
                } catch (NumberFormatException e) {
                    // an epoch without this metric
                }
            }
            rows.add(row);
        }
        return rows;
    }

    static Optional<RunFacts> facts(Path run, List<String> problems) {
        return readable(() -> RunFacts.read(run), Optional.empty(), problems);
    }

    /** The values of its recipe; none where that cannot be read. */
    static Map<String, String> recipe(Path run, List<String> problems) {
        return readable(() -> RecipeFile.values(new RunFolder(run).recipe()), Map.of(), problems);
    }

    /** A list is not to end at one damaged run. */
    private static <T> T readable(Supplier<T> reading, T otherwise, List<String> problems) {
        try {
            return reading.get();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            problems.add(e.getMessage());
            return otherwise;
        }
    }

    /** Names of the runs, with their folder's where two have one name. */
    private static List<String> labels(List<Row> rows) {
        boolean unique = rows.stream().map(Row::name).distinct().count() == rows.size();
        return rows.stream()
                .map(row -> unique ? row.name() : row.run().toString())
                .toList();
    }

    private static Map<String, Map<String, List<double[]>>> curves(List<Path> runs, List<String> labels) {
        List<List<Map<String, Double>>> histories =
                runs.stream().map(run -> history(new RunFolder(run).metrics())).toList();
        var names = new LinkedHashSet<String>();
        histories.forEach(history -> history.forEach(row -> names.addAll(row.keySet())));
        var curves = new LinkedHashMap<String, Map<String, List<double[]>>>();
        for (String name : names) {
            if (!METRIC.matcher(name).matches()) {
                continue;
            }
            var lines = new LinkedHashMap<String, List<double[]>>();
            for (int i = 0; i < labels.size(); i++) {
                List<double[]> points = histories.get(i).stream()
                        .filter(row -> Double.isFinite(row.getOrDefault(name, Double.NaN)))
                        .map(row -> new double[] {row.getOrDefault("epoch", 0.0), row.get(name)})
                        .toList();
                if (!points.isEmpty()) {
                    lines.put(labels.get(i), points);
                }
            }
            if (lines.size() > 1) {
                curves.put(name, lines);
            }
        }
        return curves;
    }
}
