package dev.fovea.nn;

/** Weights whose names or shapes are not those of the network. */
public final class WeightsMismatchException extends IllegalArgumentException {

    WeightsMismatchException(String message) {
        super(message);
    }
}
