package dev.fovea.cli;

import dev.fovea.io.Escaped;
import dev.fovea.io.JsonTree;
import dev.fovea.run.Threads;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** The options every reporting command shares, and how it prints. */
final class Output {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Option(names = "--json", description = "One JSON object on standard output, nothing else there.")
    private boolean json;

    @Option(names = "--verbose", description = "The stack trace of a failure.")
    private boolean verbose;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the processor to use (default: FOVEA_THREADS, or all there are).")
    private void threads(int count) {
        if (count < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--threads: expected a number from 1, got " + count);
        }
        Threads.use(count);
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "This help.")
    private boolean help;

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandLine.Model.CommandSpec spec;

    /** Standard output. */
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard error: progress and logs. */
    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Prints {@code values} as JSON where asked for, otherwise {@code text}. */
    void print(Map<String, ?> values, String text) {
        if (json) {
            out().println(JSON.writeValueAsString(JsonTree.of(JSON, values)));
        } else {
            // Names of files and classes come from others: what would speak to the terminal is written out.
            out().println(lines(text));
        }
        out().flush();
    }

    /** What was called, as a shell takes it. */
    String command() {
        return "fovea "
                + String.join(
                        " ",
                        RunOutput.quoted(
                                spec.commandLine().getParent().getParseResult().originalArgs()));
    }

    /** A line for the person watching; not part of the result. */
    void say(String text, Object... values) {
        String said = values.length == 0 ? text : String.format(Locale.ROOT, text, values);
        err().println(lines(said));
        err().flush();
    }

    private static String lines(String text) {
        return text.lines().map(Escaped::line).collect(Collectors.joining(System.lineSeparator()));
    }
}
