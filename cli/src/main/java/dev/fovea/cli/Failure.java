package dev.fovea.cli;

import dev.fovea.image.ImageException;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * One clear sentence, on one line, for whatever ended a command. Exit code 2 where the call or the data is at fault, 1
 * where the run failed; the stack trace only with {@code --verbose}.
 */
final class Failure implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {

    /** A recipe field that the library advises to set. */
    private static final Pattern FIELD = Pattern.compile("(?<=as in )\\w+\\.\\w+=\\S+");

    private static final String SKIP_BROKEN = "--skip-broken";

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
        report(fault(e, args) + " (`" + hint + " --help` shows the usage)", e);
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, CommandLine.ParseResult result) {
        Throwable cause = cause(e);
        String sentence = sentence(cause);
        CommandSpec command = commandLine.getCommandSpec();
        if (cause instanceof ImageException) {
            sentence = adviceOnSkipping(sentence, commandLine);
        }
        if (command.findOption("--set") != null && cause instanceof IllegalArgumentException) {
            sentence = FIELD.matcher(sentence).replaceFirst("--set $0");
        }
        return end(sentence, cause);
    }

    /** Of a file that the user named: it is no part of data, to be deleted or skipped. */
    static String named(String sentence) {
        return sentence.replace("Delete it, or skip broken images", "Leave it out")
                .replace(", or skip broken images", "");
    }

    /** The library knows that images can be skipped, and not whether this command can. */
    private static String adviceOnSkipping(String sentence, CommandLine commandLine) {
        if (commandLine.getCommandSpec().findOption(SKIP_BROKEN) == null) {
            return named(sentence);
        }
        return commandLine.getParseResult().hasMatchedOption(SKIP_BROKEN)
                ? sentence
                : sentence.replaceFirst("\\.$", "") + " (" + SKIP_BROKEN
                        + " leaves unreadable images out, `fovea data inspect` lists them)";
    }

    /** For what is thrown past the command, as errors of the JVM are. */
    int handle(Throwable thrown) {
        Throwable cause = cause(thrown);
        return end(sentence(cause), cause);
    }

    private int end(String sentence, Throwable cause) {
        report(sentence, cause);
        return code(cause);
    }

    /** What threads, initialisers and picocli wrap around the exception that says what happened. */
    private static Throwable cause(Throwable thrown) {
        boolean wrapper = thrown instanceof ExceptionInInitializerError
                || thrown instanceof CompletionException
                || thrown instanceof ExecutionException
                || thrown instanceof InvocationTargetException
                || thrown instanceof CommandLine.ExecutionException;
        return wrapper && thrown.getCause() != null ? cause(thrown.getCause()) : thrown;
    }

    private static int code(Throwable e) {
        boolean call = (e instanceof IllegalArgumentException && ours(e)) || e instanceof InvalidPathException;
        boolean file = e instanceof UncheckedIOException io
                && (io.getCause() instanceof NoSuchFileException
                        || io.getCause() instanceof AccessDeniedException
                        || io.getCause() instanceof NotDirectoryException);
        return call || file ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    /** Whether Fovea itself, and not Java or a library below it, found the fault and worded it. */
    private static boolean ours(Throwable e) {
        return e.getStackTrace().length == 0
                || e.getStackTrace()[0].getClassName().startsWith("dev.fovea.");
    }

    static String sentence(Throwable e) {
        String message = e.getMessage() == null || e.getMessage().isBlank() ? "" : e.getMessage();
        if (e instanceof OutOfMemoryError) {
            return message.toLowerCase(Locale.ROOT).contains("heap") || message.contains("GC overhead")
                    ? "out of memory: Java's heap of %s MB is full. Use a smaller batch or smaller images, or give more, as in FOVEA_JAVA_OPTS=-Xmx8g"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20)
                    : "out of memory outside Java's heap (%s). Use a smaller batch or smaller images"
                            .formatted(message);
        }
        if (e instanceof StackOverflowError) {
            return "the input is nested too deeply to be read. Write it flatter";
        }
        if (e instanceof LinkageError) {
            return "a part of Fovea is missing or does not fit (%s: %s). Build it again with `./mvnw package`"
                    .formatted(
                            e.getClass().getSimpleName(),
                            message.lines().findFirst().orElse("no reason given"));
        }
        if (e instanceof UncheckedIOException io) {
            // Of an exception that only wraps, the message is the class name and the bare path.
            return message.isEmpty() || message.contains("Exception: ") ? file(io.getCause()) : message;
        }
        if (e instanceof IOException io) {
            return file(io);
        }
        if (e instanceof InvalidPathException path) {
            return "'%s': is no path of this system (%s)".formatted(path.getInput(), path.getReason());
        }
        if (ours(e) && !message.isEmpty() && !(e instanceof NullPointerException)) {
            return message;
        }
        return "unexpected %s%s. This is a fault of Fovea; --verbose shows where it happened"
                .formatted(e.getClass().getSimpleName(), message.isEmpty() ? "" : ": " + message);
    }

    private static String file(IOException e) {
        String name = e instanceof FileSystemException file && file.getFile() != null ? file.getFile() + ": " : "";
        return name.isEmpty() ? Reason.of(e) : name + "cannot be used (" + Reason.of(e) + ")";
    }

    private static String fault(CommandLine.ParameterException e, String[] args) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        List<String> unmatched = e instanceof CommandLine.UnmatchedArgumentException unknown
                ? unknown.getUnmatched()
                : e.getCommandLine().getUnmatchedArguments();
        // A mistyped option also leaves the one that was meant missing: the mistake is what helps.
        List<String> options =
                unmatched.stream().filter(word -> word.startsWith("-")).toList();
        if (e instanceof CommandLine.UnmatchedArgumentException || !options.isEmpty()) {
            // Of an unknown command no option can be known.
            boolean first = options.isEmpty() || !spec.subcommands().isEmpty();
            String word = first ? unmatched.get(0) : options.get(0);
            String name = word.startsWith("-") ? word.replaceFirst("=.*", "") : word;
            return "unknown argument '%s'%s".formatted(name, Nearest.hint(name, known(spec, name)));
        }
        if (e instanceof CommandLine.OverwrittenOptionException twice && twice.getOverwritten() != null) {
            return option(twice.getOverwritten()) + ": is given twice, and takes one value";
        }
        if (e.getArgSpec() != null && e.getValue() != null) {
            return "%s: expected %s, got '%s'%s"
                    .formatted(
                            option(e.getArgSpec()),
                            expected(e.getArgSpec()),
                            e.getValue(),
                            Nearest.hint(e.getValue(), constants(e.getArgSpec())));
        }
        return e.getMessage().replaceFirst("^Missing", "missing");
    }

    private static List<String> known(CommandSpec spec, String asked) {
        Stream<String> names = asked.startsWith("-")
                ? spec.options().stream().filter(option -> !option.hidden()).flatMap(o -> Arrays.stream(o.names()))
                : spec.subcommands().keySet().stream();
        return names.toList();
    }

    private static String option(CommandLine.Model.ArgSpec argument) {
        return argument instanceof CommandLine.Model.OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static List<String> constants(CommandLine.Model.ArgSpec argument) {
        Class<?> type = type(argument);
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                        .toList()
                : List.of();
    }

    private static String expected(CommandLine.Model.ArgSpec argument) {
        Class<?> type = type(argument);
        if (type.isEnum()) {
            return "one of " + String.join(", ", constants(argument));
        }
        boolean whole = type == int.class || type == Integer.class || type == long.class || type == Long.class;
        boolean number = type == double.class || type == Double.class || type == float.class;
        return whole ? "a whole number" : number ? "a number" : "a value that can be used here";
    }

    private static Class<?> type(CommandLine.Model.ArgSpec argument) {
        return argument.isMultiValue() && argument.auxiliaryTypes().length > 0
                ? argument.auxiliaryTypes()[0]
                : argument.type();
    }

    private void report(String sentence, Throwable e) {
        String line = Escaped.line(sentence);
        if (json) {
            out.println(new JsonMapper().writeValueAsString(Map.of("error", line)));
            out.flush();
        } else {
            err.println("fovea: " + line);
            err.flush();
        }
        if (verbose) {
            e.printStackTrace(err);
        }
    }
}
