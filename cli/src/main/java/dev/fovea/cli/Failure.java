package dev.fovea.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/**
 * One clear sentence for every failure. Exit code 2 where the call or the data is at fault, 1 where the run
 * failed; the stack trace only with {@code --verbose}.
 */
final class Failure implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {

    private final boolean json;
    private final boolean verbose;
    private final PrintWriter out;
    private final PrintWriter err;

    Failure(boolean json, boolean verbose, PrintWriter out, PrintWriter err) {
        this.json = json;
        this.verbose = verbose;
        this.out = out;
        this.err = err;
    }

    @Override
    public int handleParseException(CommandLine.ParameterException e, String[] args) {
        String hint = e.getCommandLine().getCommandSpec().qualifiedName();
        report(fault(e) + " (`" + hint + " --help` shows the usage)", e);
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, CommandLine.ParseResult result) {
        report(sentence(e), e);
        boolean fault = e instanceof IllegalArgumentException && !(e instanceof NumberFormatException);
        return fault ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    private static String fault(CommandLine.ParameterException e) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            var known = unmatched.getSuggestions();
            return "unknown argument '" + unmatched.getUnmatched().get(0) + "'"
                    + (known.isEmpty() ? "" : ", did you mean '" + known.get(0) + "'?");
        }
        return e.getMessage();
    }

    private static String sentence(Throwable e) {
        if (e instanceof UncheckedIOException && e.getMessage() != null) {
            return e.getMessage();
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void report(String sentence, Throwable e) {
        if (json) {
            out.println(new JsonMapper().writeValueAsString(Map.of("error", sentence)));
        } else {
            err.println("fovea: " + sentence);
        }
        if (verbose) {
            e.printStackTrace(err);
        }
    }
}
