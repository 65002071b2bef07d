package dev.fovea.cli;

import dev.fovea.io.Escaped;
import dev.fovea.run.RunTrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Runs that were removed and can be brought back: {@code fovea runs trash} and {@code fovea runs restore}. */
final class RunTrashCommands {

    private static final double MEBIBYTE = 1 << 20;

    private RunTrashCommands() {}

    /** What is there. */
    @Command(
            name = "trash",
            description = "Lists runs that were removed and can be brought back.",
            footer = {"", "Examples:", "  fovea runs trash", "  fovea runs trash --empty"})
    static final class Trash implements Callable<Integer> {

        @ParentCommand
        private RunsCommand all;

        @Option(names = "--empty", description = "Removes them for good.")
        private boolean empty;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            var trash = new RunTrash(all.folder());
            if (empty) {
                List<String> removed = trash.empty(Duration.ZERO);
                output.print(
                        Map.of("removed", removed),
                        removed.isEmpty() ? "nothing to remove" : "removed " + String.join(", ", removed));
                return 0;
            }
            List<RunTrash.Entry> entries = trash.entries();
            output.print(
                    Map.of("runs", entries.stream().map(Trash::json).toList()),
                    entries.isEmpty()
                            ? "no removed runs"
                            : Table.of(
                                    List.of("run", "removed", "MiB"),
                                    entries.stream().map(Trash::line).toList()));
            return 0;
        }

        private static Map<String, Object> json(RunTrash.Entry entry) {
            var json = new LinkedHashMap<String, Object>();
            json.put("id", entry.id());
            json.put("name", entry.name());
            json.put("removed", entry.removed().toString());
            json.put("bytes", entry.bytes());
            return json;
        }

        private static List<String> line(RunTrash.Entry entry) {
            return List.of(
                    entry.name(),
                    entry.removed().toString(),
                    String.format(Locale.ROOT, "%.1f", entry.bytes() / MEBIBYTE));
        }
    }

    /** Back to where it was. */
    @Command(
            name = "restore",
            description = "Brings removed runs back.",
            footer = {"", "Examples:", "  fovea runs rm --trash flowers-1", "  fovea runs restore flowers-1"})
    static final class Restore implements Callable<Integer> {

        @ParentCommand
        private RunsCommand all;

        @Parameters(
                arity = "1..*",
                paramLabel = "RUN",
                description = "Names of removed runs; of several of one name the last.")
        private List<String> names;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            var trash = new RunTrash(all.folder());
            var restored = new ArrayList<String>();
            for (String name : names) {
                RunTrash.Entry entry = trash.entries().stream()
                        .filter(one -> one.name().equals(name) || one.id().equals(name))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("%s: there is no removed run '%s'. `runs trash` lists them"
                                        .formatted(all.folder(), Escaped.line(name))));
                restored.add(trash.restore(entry.id()).toString());
            }
            output.print(Map.of("restored", restored), "restored " + String.join(", ", restored));
            return 0;
        }
    }
}
