package dev.fovea.cli;

import dev.fovea.io.Escaped;
import dev.fovea.run.Threads;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

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
            JsonNode tree = JSON.valueToTree(values);
            nullForNoNumber(tree);
            out().println(JSON.writeValueAsString(tree));
        } else {
            // Names of files and classes come from others: what would speak to the terminal is written out.
            out().println(lines(text));
        }
        out().flush();
    }

    /** JSON has no NaN and no infinity: a reader who wants a number would get a text. */
    private static void nullForNoNumber(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                if (noNumber(object.get(name))) {
                    object.putNull(name);
                }
            }
        } else if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (noNumber(array.get(i))) {
                    array.setNull(i);
                }
            }
        }
        tree.forEach(Output::nullForNoNumber);
    }

    private static boolean noNumber(JsonNode node) {
        return node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue());
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
