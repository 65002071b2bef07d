package dev.fovea.cli;

import dev.fovea.io.Nearest;
import dev.fovea.task.Registry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea models}: the registry. */
@Command(
        name = "models",
        description =
                "Lists the networks that can be trained, with their options where a part of a name is given, or shows the "
                        + "layers of one.",
        footer = {
            "",
            "Examples:",
            "  fovea models",
            "  fovea models resnet",
            "  fovea models --summary cifar-cnn",
            "  fovea models --graph lenet5"
        })
final class ModelsCommand implements Callable<Integer> {

    private static final String COLUMNS = "%-38s %-16s %14s %9s  %s";

    private static final String HEADINGS =
            String.format(Locale.ROOT, COLUMNS, "NAME", "TASK", "PARAMETERS", "GMACS", "INPUT");

    @Parameters(index = "0", arity = "0..1", paramLabel = "PATTERN", description = "Part of a name.")
    private String pattern = "";

    @Option(names = "--task", description = "Only models for this task.")
    private String task = "";

    @Option(
            names = "--summary",
            description = "The layers of the named model: output shape, parameters, multiply-adds.")
    private boolean summary;

    @Option(
            names = "--graph",
            description =
                    "The operations of the named model, a line each: number, layer, operation, inputs, output shape.")
    private boolean graph;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (summary) {
            output.print(Map.of("summary", Registry.summary(pattern)), Registry.summary(pattern));
            return 0;
        }
        if (graph) {
            String text = Registry.graph(pattern);
            output.print(Map.of("graph", text.lines().toList()), text);
            return 0;
        }
        List<Registry.Row> rows = Registry.rows().stream()
                .filter(row -> row.name().contains(pattern)
                        && (task.isEmpty() || row.task().equals(task)))
                .toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(none());
        }
        String text = Stream.concat(Stream.of(HEADINGS), rows.stream().map(this::text))
                .collect(Collectors.joining(System.lineSeparator()));
        var json = new LinkedHashMap<String, Object>();
        json.put("models", rows);
        output.print(json, text);
        return 0;
    }

    private String none() {
        List<String> tasks =
                Registry.rows().stream().map(Registry.Row::task).distinct().toList();
        if (!task.isEmpty() && !tasks.contains(task)) {
            return "--task: expected one of %s, got '%s'%s"
                    .formatted(String.join(", ", tasks), task, Nearest.hint(task, tasks));
        }
        List<String> names = Registry.rows().stream().map(Registry.Row::name).toList();
        return "no model%s has '%s' in its name%s"
                .formatted(task.isEmpty() ? "" : " for " + task, pattern, Nearest.hint(pattern, names));
    }

    /** One line, and below it the options where a few models were asked for. */
    private String text(Registry.Row row) {
        String line = String.format(
                Locale.ROOT,
                COLUMNS,
                row.name(),
                row.task(),
                String.format(Locale.ROOT, "%,d", row.parameters()),
                String.format(Locale.ROOT, "%.3f", row.gmacs()),
                row.input());
        return pattern.isEmpty() || row.options().isEmpty()
                ? line
                : line + System.lineSeparator() + "  options: " + row.options();
    }
}
