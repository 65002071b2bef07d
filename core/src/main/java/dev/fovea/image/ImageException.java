package dev.fovea.image;

import dev.fovea.io.Escaped;

/** A file that is not a readable image; the message names it, says why and what to do. */
public final class ImageException extends IllegalArgumentException {

    public ImageException(String message) {
        super(Escaped.line(message));
    }
}
