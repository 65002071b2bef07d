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

    /** About an image. */
    Answer predict(Image image);

    /** About an image file, or a clip: a folder of numbered images, an animated GIF, a video. */
    Answer predict(Path file);
}
