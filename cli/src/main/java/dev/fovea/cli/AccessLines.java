package dev.fovea.cli;

import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Where the lines of an access log go. */
final class AccessLines implements Consumer<String>, AutoCloseable {

    private final PrintWriter to;
    private final boolean own;

    private AccessLines(PrintWriter to, boolean own) {
        this.to = to;
        this.own = own;
    }

    /**
     * @param named a file, {@code -} for {@code standard}, {@code none} for nowhere
     * @throws IllegalArgumentException if the file cannot be written
     */
    static AccessLines of(String named, PrintWriter standard) {
        if (named.equals("-")) {
            return new AccessLines(standard, false);
        }
        if (named.equals("none")) {
            return new AccessLines(new PrintWriter(java.io.Writer.nullWriter()), true);
        }
        try {
            var file = Files.newBufferedWriter(
                    Path.of(named), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new AccessLines(new PrintWriter(file), true);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--access-log: %s: cannot be written (%s)".formatted(named, Reason.of(e)), e);
        }
    }

    @Override
    public void accept(String line) {
        to.println(line);
        to.flush();
    }

    @Override
    public void close() {
        if (own) {
            to.close();
        }
    }
}
