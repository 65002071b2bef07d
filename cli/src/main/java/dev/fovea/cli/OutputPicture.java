package dev.fovea.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The one picture that a command writes, as PNG or JPEG. */
record OutputPicture(Path path) {

    OutputPicture {
        if (!String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).matches(".+\\.(png|jpe?g)")) {
            throw new IllegalArgumentException(
                    "-o: one image is written, as PNG or JPEG; name a file that ends in .png or .jpg, got " + path);
        }
    }

    /**
     * For a command that reads files.
     *
     * @throws IllegalArgumentException if one of them would be overwritten
     */
    static OutputPicture of(Path path, List<Path> read) {
        var picture = new OutputPicture(path);
        keep(path, read);
        return picture;
    }

    /** @throws IllegalArgumentException if {@code file}, to be written, is one of those that the command reads */
    static void keep(Path file, List<Path> read) {
        if (read.stream().anyMatch(one -> OutputFolder.same(file, one))) {
            throw new IllegalArgumentException(
                    file + ": is read by this command and would be overwritten by what it writes. Name another file");
        }
    }
}
