package dev.fovea.train;

/** A recipe that cannot be read: the message names file, line and key, and what was expected. */
public final class RecipeException extends IllegalArgumentException {

    RecipeException(String message) {
        super(message);
    }
}
