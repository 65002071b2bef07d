package dev.fovea.run;

/** A saved model that cannot be evaluated on images alone; the message says what else it needs. */
public final class NotEvaluableException extends IllegalArgumentException {

    public NotEvaluableException(String message) {
        super(message);
    }
}
