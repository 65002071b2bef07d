package dev.fovea.fuzz;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a reader made of an input. */
enum Verdict {
    READ,
    REFUSED;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int LONGEST_MESSAGE = 2_000;

    /**
     * Reads {@code input}.
     *
     * @throws AssertionError if the reader neither reads nor refuses it with one clear sentence of the product's own
     */
    static Verdict of(Reader reader, byte[] input, Path folder) {
        try {
            reader.readInScope(input, folder);
            return READ;
        } catch (AssertionError e) {
            throw e;
        } catch (Throwable e) {
            if (!own(e)) {
                throw new AssertionError(reader + ": not an error of the product: " + e, e);
            }
            String message = String.valueOf(e.getMessage());
            boolean empty = message.contains("(null)") && !Reader.text(input).contains("null");
            if (message.isBlank()
                    || message.equals("null")
                    || empty
                    || message.length() > LONGEST_MESSAGE
                    || CONTROL.matcher(message).find()) {
                throw new AssertionError(reader + ": not one clear sentence: " + message, e);
            }
            return REFUSED;
        }
    }

    /** Thrown by code of the product with words of its own, not by what it calls. */
    private static boolean own(Throwable e) {
        boolean kind = e instanceof IllegalArgumentException
                || e instanceof java.io.UncheckedIOException
                || e.getClass().getName().startsWith("dev.fovea.");
        return kind
                && !(e instanceof dev.fovea.engine.EngineException)
                && !(e instanceof NumberFormatException)
                && !(e instanceof java.nio.file.InvalidPathException)
                && e.getStackTrace().length > 0
                && e.getStackTrace()[0].getClassName().startsWith("dev.fovea.");
    }
}
