package dev.fovea.export;

/** The graph of a network hangs on the size of its images, so that it can be written for one size alone. */
final class SizeDependentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SizeDependentException(String message) {
        super(message);
    }
}
