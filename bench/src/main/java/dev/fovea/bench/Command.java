package dev.fovea.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that is waited for. */
final class Command {

    /** A process failed; the message ends with what it last said. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    private static final int TAIL = 15;

    private Command() {}

    /**
     * Runs {@code command} in {@code folder} and returns its standard output.
     *
     * @throws FailedException if it ends with another code than 0, or not within {@code limit}
     */
    static String run(List<String> command, Path folder, Map<String, String> environment, Duration limit) {
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile("bench", ".out");
            err = Files.createTempFile("bench", ".err");
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new FailedException("took more than " + limit.toSeconds() + " s" + tail(out, err));
            }
            if (process.exitValue() != 0) {
                throw new FailedException("ended with code " + process.exitValue() + tail(out, err));
            }
            return Files.readString(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted");
        } finally {
            delete(out);
            delete(err);
        }
    }

    private static String tail(Path out, Path err) throws IOException {
        List<String> lines = new String(Files.readAllBytes(err), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (lines.isEmpty()) {
            lines = Files.readString(out).lines().toList();
        }
        String indent = "\n    ";
        return lines.isEmpty()
                ? ", and said nothing"
                : ":" + indent + String.join(indent, lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
