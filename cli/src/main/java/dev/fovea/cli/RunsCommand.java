package dev.fovea.cli;

import dev.fovea.run.RunNotes;
import dev.fovea.run.RunTrash;
import dev.fovea.run.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code fovea runs}: what was trained so far. */
@Command(
        name = "runs",
        description = "Lists runs, compares them, notes things about them, removes them.",
        subcommands = {
            RunsCommand.Compare.class,
            RunNoteCommands.Note.class,
            RunNoteCommands.Tag.class,
            RunsCommand.Remove.class,
            RunTrashCommands.Trash.class,
            RunTrashCommands.Restore.class
        },
        footer = {
            "",
            "Examples:",
            "  fovea runs",
            "  fovea runs --out experiments",
            "  fovea runs --out runs/flowers-folds-1",
            "  fovea runs compare runs/flowers-1 runs/flowers-2 -o comparison",
            "  fovea runs note runs/flowers-1 \"cleaner labels, same recipe\"",
            "  fovea runs tag runs/flowers-1 baseline",
            "  fovea runs --tag baseline",
            "  fovea runs rm --trash runs/flowers-1",
            "  fovea runs restore flowers-1"
        })
final class RunsCommand implements Callable<Integer> {

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "runs",
            description = "Folder of the runs (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Only runs with this tag; may be repeated for runs with all of them.")
    private List<String> tags = List.of();

    @Mixin
    private Output output;

    /** Where the runs lie. */
    Path folder() {
        return out;
    }

    /** What is written about a run, after it was made sure that it is one. */
    RunNotes notes(Path run) {
        Runs.of(run);
        return RunNotes.read(run);
    }

    /** Folders as they are given, or as the list names them. */
    List<Path> found(List<Path> runs) {
        return runs.stream()
                .map(run -> Files.exists(run) || !Files.exists(out.resolve(run)) ? run : out.resolve(run))
                .toList();
    }

    @Override
    public Integer call() {
        List<Runs.Row> rows = Runs.in(out).stream()
                .filter(row -> row.notes().tags().containsAll(tags))
                .toList();
        String none = tags.isEmpty() ? ": no runs here" : ": no runs with this tag here";
        output.print(
                Map.of("runs", rows.stream().map(RunsCommand::json).toList()),
                rows.isEmpty() ? out + none : text(rows));
        return 0;
    }

    /** Tags and problems have a column where a run has some. */
    private static String text(List<Runs.Row> rows) {
        var head = new ArrayList<>(List.of("run", "model", "data", "best", "epochs", "seconds", "seed", "state"));
        List<List<String>> lines = rows.stream()
                .<List<String>>map(row -> new ArrayList<>(line(row)))
                .toList();
        if (rows.stream().anyMatch(row -> !row.notes().tags().isEmpty())) {
            head.add("tags");
            for (int i = 0; i < rows.size(); i++) {
                lines.get(i).add(String.join(", ", rows.get(i).notes().tags()));
            }
        }
        return Table.of(head, lines)
                + rows.stream()
                        .filter(row -> !row.problem().isEmpty())
                        .map(row -> System.lineSeparator() + row.problem())
                        .collect(Collectors.joining());
    }

    private static Map<String, Object> json(Runs.Row row) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", row.name());
        json.put("run", row.run().toString());
        json.put("model", row.model());
        json.put("data", row.data());
        json.put("metric", row.metric());
        json.put("best", Double.isFinite(row.best()) ? row.best() : null);
        json.put("epochs", row.epochs());
        json.put("seconds", row.seconds());
        json.put("seed", row.seed());
        json.put("state", row.state());
        json.put("started", row.started());
        json.put("note", row.notes().note());
        json.put("tags", row.notes().tags());
        json.put("problem", row.problem());
        return json;
    }

    private static List<String> line(Runs.Row row) {
        return List.of(
                row.name(),
                row.model(),
                row.data(),
                best(row),
                Integer.toString(row.epochs()),
                String.format(Locale.ROOT, "%.0f", row.seconds()),
                Long.toString(row.seed()),
                row.state());
    }

    private static String best(Runs.Row row) {
        return Double.isFinite(row.best()) ? String.format(Locale.ROOT, "%s %.4f", row.metric(), row.best()) : "-";
    }

    /** Several runs side by side. */
    @Command(
            name = "compare",
            description = "Compares metrics and recipes of runs; with -o, their curves together.",
            footer = {"", "Examples:", "  fovea runs compare runs/flowers-1 runs/flowers-2 -o comparison"})
    static final class Compare implements Callable<Integer> {

        @ParentCommand
        private RunsCommand all;

        @Parameters(arity = "1..*", paramLabel = "RUN", description = "Run folders or names of runs, two or more.")
        private List<Path> runs;

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FOLDER",
                description = "Folder for one chart a metric, as PNG.")
        private Path folder;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            Runs.Compared compared = Runs.compare(all.found(runs));
            List<Path> charts = folder == null ? List.of() : Runs.draw(compared, folder);
            var json = new LinkedHashMap<String, Object>();
            json.put("runs", compared.runs().stream().map(RunsCommand::json).toList());
            json.put("differences", compared.differences());
            json.put("curves", compared.curves());
            json.put("charts", charts.stream().map(Path::toString).toList());
            output.print(json, text(compared, charts));
            return 0;
        }

        private static String text(Runs.Compared compared, List<Path> charts) {
            var head = new ArrayList<>(List.of(""));
            compared.runs().forEach(row -> head.add(row.name()));
            var lines = new ArrayList<List<String>>();
            lines.add(
                    line("best", compared.runs().stream().map(RunsCommand::best).toList()));
            lines.add(line(
                    "epochs",
                    compared.runs().stream()
                            .map(row -> Integer.toString(row.epochs()))
                            .toList()));
            lines.add(line(
                    "seconds",
                    compared.runs().stream()
                            .map(row -> String.format(Locale.ROOT, "%.0f", row.seconds()))
                            .toList()));
            compared.curves()
                    .forEach((metric, curves) -> lines.add(line(
                            metric.replaceFirst("_", " ") + ", last",
                            compared.runs().stream()
                                    .map(row -> curves.getOrDefault(
                                            curves.containsKey(row.name())
                                                    ? row.name()
                                                    : row.run().toString(),
                                            List.of()))
                                    .map(points -> points.isEmpty()
                                            ? "-"
                                            : String.format(Locale.ROOT, "%.4f", points.get(points.size() - 1)[1]))
                                    .toList())));
            compared.differences().forEach((key, each) -> lines.add(line(key, each)));
            String same = compared.differences().isEmpty() ? "\nthe recipes are the same" : "";
            return Table.of(head, lines)
                    + same
                    + charts.stream().map(chart -> "\nchart  " + chart).collect(Collectors.joining());
        }

        private static List<String> line(String name, List<String> values) {
            var line = new ArrayList<>(List.of(name));
            line.addAll(values);
            return line;
        }
    }

    /** Runs that are no longer wanted. */
    @Command(
            name = "rm",
            description = "Removes run folders, with their models.",
            footer = {"", "Examples:", "  fovea runs rm runs/flowers-1", "  fovea runs rm --trash runs/flowers-1"})
    static final class Remove implements Callable<Integer> {

        @ParentCommand
        private RunsCommand all;

        @Parameters(arity = "1..*", paramLabel = "RUN", description = "Run folders, or names of runs.")
        private List<Path> runs;

        @Option(
                names = "--trash",
                description = "Keeps them beside the others, out of sight, from where `runs restore` brings them back.")
        private boolean kept;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            List<Path> found = all.found(runs);
            found.forEach(run -> {
                if (kept) {
                    RunTrash.beside(run).put(run);
                } else {
                    Runs.remove(run);
                }
            });
            List<String> removed = found.stream().map(Path::toString).toList();
            output.print(Map.of("removed", removed), "removed " + String.join(", ", removed));
            return 0;
        }
    }
}
