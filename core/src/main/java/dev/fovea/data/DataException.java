package dev.fovea.data;

/** Data that cannot be used; the message says what is wrong, where, what was expected and what to do. */
public final class DataException extends IllegalArgumentException {

    public DataException(String message) {
        super(message);
    }
}
