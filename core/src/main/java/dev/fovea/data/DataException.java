package dev.fovea.data;

import dev.fovea.io.Escaped;

/** Data that cannot be used; the message says what is wrong, where, what was expected and what to do. */
public final class DataException extends IllegalArgumentException {

    public DataException(String message) {
        super(Escaped.line(message));
    }
}
