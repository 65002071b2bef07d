package dev.fovea.run;

import java.nio.file.Path;

/** A model whose answers are traced to parts of an image, or to frames of a clip, one by one. */
public interface Explained {

    /**
     * Explains one answer about an image file, or a clip: a folder of numbered images, an animated GIF, a video.
     *
     * @param method such as {@code grad-cam}, empty for the default
     * @param name of what is explained, such as a label; empty for the usual one
     * @throws IllegalArgumentException if the name or the method is unknown, or this network cannot be explained so
     */
    OutputExplanation explain(Path file, String method, String name);
}
