package dev.fovea.train;

import dev.fovea.io.Escaped;

/** A recipe that cannot be read: the message names file, line and key, and what was expected. */
public final class RecipeException extends IllegalArgumentException {

    RecipeException(String message) {
        super(Escaped.line(message));
    }
}
