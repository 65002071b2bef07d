package dev.fovea.cli;

import java.nio.file.Path;
import java.util.Locale;

/** The one picture that a command writes, as PNG or JPEG. */
record OutputPicture(Path path) {

    OutputPicture {
        if (!String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).matches(".+\\.(png|jpe?g)")) {
            throw new IllegalArgumentException(
                    "-o: one image is written, as PNG or JPEG; name a file that ends in .png or .jpg, got " + path);
        }
    }
}
