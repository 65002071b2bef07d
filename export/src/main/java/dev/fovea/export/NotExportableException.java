package dev.fovea.export;

/** What a network computes cannot be written as a graph; the message names the layer. */
public final class NotExportableException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public NotExportableException(String message) {
        super(message);
    }
}
