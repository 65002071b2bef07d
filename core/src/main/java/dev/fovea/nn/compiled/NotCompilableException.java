package dev.fovea.nn.compiled;

/** A network that cannot be compiled: it computes something else for other images, or in a way that the compiler does not know. */
final class NotCompilableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotCompilableException(String message) {
        super(message);
    }
}
