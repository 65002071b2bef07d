package dev.fovea.cli;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** The options every reporting command shares, and how it prints. */
final class Output {

    @Option(names = "--json", description = "One JSON object on standard output, nothing else there.")
    private boolean json;

    @Option(names = "--verbose", description = "The stack trace of a failure.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "This help.")
    private boolean help;

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandLine.Model.CommandSpec spec;

    boolean json() {
        return json;
    }

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
            out().println(JsonMapper.builder().build().writeValueAsString(values));
        } else {
            out().print(text);
            if (!text.endsWith("\n")) {
                out().println();
            }
        }
        out().flush();
    }

    /** A line for the person watching; not part of the result. */
    void say(String text, Object... values) {
        err().println(values.length == 0 ? text : text.formatted(values));
        err().flush();
    }
}
