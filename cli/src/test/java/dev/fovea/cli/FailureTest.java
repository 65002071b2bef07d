package dev.fovea.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.DataException;
import dev.fovea.image.ImageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Whatever ends a command is told in one sentence, with the right exit code. */
class FailureTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Failure failure(boolean json) {
        return new Failure(json, false, new PrintWriter(out), new PrintWriter(err));
    }

    static Stream<Arguments> thrown() {
        var foreign = new IllegalArgumentException("Illegal initial capacity");
        foreign.setStackTrace(new StackTraceElement[] {new StackTraceElement("java.util.HashMap", "x", "x", 1)});
        return Stream.of(
                Arguments.of(new DataException("a.csv: no rows"), 2, "a.csv: no rows"),
                Arguments.of(new CompletionException(new DataException("a.csv: no rows")), 2, "a.csv: no rows"),
                Arguments.of(new ExceptionInInitializerError(new IllegalStateException("no engine")), 1, "no engine"),
                Arguments.of(new OutOfMemoryError("Java heap space"), 1, "out of memory: Java's heap of"),
                Arguments.of(new OutOfMemoryError("Failed to allocate"), 1, "out of memory outside Java's heap"),
                Arguments.of(new StackOverflowError(), 1, "nested too deeply"),
                Arguments.of(new NoClassDefFoundError("com/github/luben/zstd/Zstd"), 1, "luben/zstd/Zstd"),
                Arguments.of(
                        new UncheckedIOException(new AccessDeniedException("a.png")),
                        2,
                        "a.png: cannot be used (permission denied)"),
                Arguments.of(
                        new UncheckedIOException("a: cannot be written (disk full)", new IOException("x")),
                        1,
                        "disk full"),
                Arguments.of(
                        new InvalidPathException("a\0b", "Nul character not allowed"), 2, "'a\\u0000b': is no path"),
                Arguments.of(
                        new NullPointerException("because x is null"), 1, "unexpected NullPointerException: because x"),
                Arguments.of(foreign, 1, "unexpected IllegalArgumentException: Illegal initial capacity"),
                Arguments.of(new DataException("a\nb\u001b[2J"), 2, "a\\nb\\u001b[2J"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void isOneSentenceAndOneExitCode(Throwable thrown, int code, String sentence) {
        assertThat(failure(false).handle(thrown)).isEqualTo(code);
        assertThat(err.toString()).startsWith("fovea: ").contains(sentence).hasLineCount(1);
        assertThat(out.toString()).isEmpty();
        assertThat(failure(true).handle(thrown)).isEqualTo(code);
        assertThat(out.toString().strip()).hasLineCount(1);
        assertThat(new JsonMapper().readTree(out.toString()).get("error").asString())
                .contains(sentence);
    }

    @Command(name = "read")
    static final class Read implements Runnable {
        @Option(names = "--skip-broken")
        private boolean skip;

        @Override
        public void run() {
            throw new ImageException("a.png: a damaged PNG. Delete it, or skip broken images");
        }
    }

    @Command(name = "show")
    static final class Show implements Runnable {
        @Override
        public void run() {
            throw new ImageException("a.png: a damaged PNG. Delete it, or skip broken images");
        }
    }

    @Test
    void advisesSkippingOnlyWhereTheCommandCanSkip() {
        assertThat(said(new Read()))
                .contains(
                        "skip broken images (--skip-broken leaves unreadable images out, `fovea data inspect` lists them)");
        assertThat(said(new Read(), "--skip-broken")).doesNotContain("leaves");
        assertThat(said(new Show())).endsWith("a damaged PNG. Leave it out\n");
    }

    private String said(Object command, String... args) {
        err.getBuffer().setLength(0);
        assertThat(new CommandLine(command)
                        .setExecutionExceptionHandler(failure(false))
                        .execute(args))
                .isEqualTo(2);
        return err.toString();
    }
}
