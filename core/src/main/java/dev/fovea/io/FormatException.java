package dev.fovea.io;

/** A file that is not what its name says, or is damaged; the message names the file and what is wrong. */
public final class FormatException extends IllegalArgumentException {

    public FormatException(String message) {
        super(Escaped.line(message));
    }
}
