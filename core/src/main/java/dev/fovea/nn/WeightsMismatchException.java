package dev.fovea.nn;

import dev.fovea.io.Escaped;
import java.nio.file.Path;

/** Weights whose names or shapes are not those of the network, or whose values are no numbers. */
public final class WeightsMismatchException extends IllegalArgumentException {

    WeightsMismatchException(String message) {
        super(Escaped.line(message));
    }

    private WeightsMismatchException(String message, WeightsMismatchException cause) {
        super(Escaped.line(message), cause);
    }

    /** The same, naming the file that the weights come from. */
    public WeightsMismatchException in(Path file) {
        return new WeightsMismatchException(file + ": " + getMessage(), this);
    }
}
