package dev.fovea.run;

import dev.fovea.image.Image;
import java.nio.file.Path;
import java.util.Map;

/** A model that answers about images, or about clips. */
public interface Predictor {

    /** An answer. */
    interface Answer {

        /** By their names in JSON. */
        Map<String, Object> values();

        /** The same in a line, for people. */
        String text();
    }

    /**
     * The same with other answers, where they are of several parts.
     *
     * @param top how many of the best each answer names
     * @param precision fp32, bf16 or auto
     */
    default Predictor with(int top, String precision) {
        return this;
    }

    /** About an image. */
    Answer predict(Image image);

    /** About an image file, or a clip: a folder of numbered images, an animated GIF, a video. */
    Answer predict(Path file);
}
