package dev.fovea.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The one image that a command writes, as PNG or JPEG. */
record OutputImage(Path path) {

    OutputImage {
        if (!String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).matches(".+\\.(png|jpe?g)")) {
            throw new IllegalArgumentException(
                    "-o: one image is written, as PNG or JPEG; name a file that ends in .png or .jpg, got " + path);
        }
        Path folder = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "-o: %s cannot be written, there is no folder %s. Create it, or name another"
                            .formatted(path, folder));
        }
    }

    /**
     * For a command that reads files.
     *
     * @throws IllegalArgumentException if one of them would be overwritten
     */
    static OutputImage of(Path path, List<Path> read) {
        var image = new OutputImage(path);
        checkNotInput(path, read);
        return image;
    }

    /** @throws IllegalArgumentException if {@code file}, to be written, is one of those that the command reads */
    static void checkNotInput(Path file, List<Path> read) {
        if (read.stream().anyMatch(one -> OutputFolder.same(file, one))) {
            throw new IllegalArgumentException(
                    file + ": is read by this command and would be overwritten by what it writes. Name another file");
        }
    }
}
