package dev.fovea.cli;

import dev.fovea.run.RunNotes;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What people write about runs: {@code fovea runs note} and {@code fovea runs tag}. */
final class RunNoteCommands {

    private RunNoteCommands() {}

    /** A note. */
    @Command(
            name = "note",
            description = "Writes a note into the folder of a run, or shows it.",
            footer = {
                "",
                "Examples:",
                "  fovea runs note runs/flowers-1 \"cleaner labels, same recipe\"",
                "  fovea runs note runs/flowers-1",
                "  fovea runs note runs/flowers-1 \"\""
            })
    static final class Note implements Callable<Integer> {

        @ParentCommand
        private RunsCommand all;

        @Parameters(index = "0", paramLabel = "RUN", description = "Run folder, or name of a run.")
        private Path run;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "TEXT",
                description = "The note, in place of an older one; empty to remove it.")
        private String text;

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            Path found = all.found(List.of(run)).get(0);
            RunNotes notes = all.notes(found);
            if (text != null) {
                notes = notes.withNote(text);
                notes.write(found);
            }
            print(output, found, notes, notes.note().isEmpty() ? found + ": no note" : notes.note());
            return 0;
        }
    }

    /** Tags. */
    @Command(
            name = "tag",
            description = "Gives tags to a run, takes them away, or shows them.",
            footer = {
                "",
                "Examples:",
                "  fovea runs tag runs/flowers-1 baseline paper",
                "  fovea runs tag runs/flowers-1 --remove paper",
                "  fovea runs --tag baseline"
            })
    static final class Tag implements Callable<Integer> {

        @ParentCommand
        private RunsCommand all;

        @Parameters(index = "0", paramLabel = "RUN", description = "Run folder, or name of a run.")
        private Path run;

        @Parameters(index = "1..*", paramLabel = "TAG", description = "Tags that it gets.")
        private List<String> tags = List.of();

        @Option(names = "--remove", paramLabel = "TAG", description = "A tag that is taken away; may be repeated.")
        private List<String> removed = List.of();

        @Mixin
        private Output output;

        @Override
        public Integer call() {
            Path found = all.found(List.of(run)).get(0);
            RunNotes before = all.notes(found);
            RunNotes notes = before.without(removed).and(tags);
            if (!notes.equals(before)) {
                notes.write(found);
            }
            print(output, found, notes, notes.tags().isEmpty() ? found + ": no tags" : String.join(", ", notes.tags()));
            return 0;
        }
    }

    private static void print(Output output, Path run, RunNotes notes, String text) {
        var json = new LinkedHashMap<String, Object>();
        json.put("run", run.toString());
        json.put("note", notes.note());
        json.put("tags", notes.tags());
        output.print(json, text);
    }
}
