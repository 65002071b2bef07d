package dev.fovea.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** The folder a command writes its images to, made where it is missing. */
record OutputFolder(Path path) {

    /** Where it lies; it is made when first asked for, so that a command that fails before leaves nothing. */
    @Override
    public Path path() {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be made (" + e.getMessage() + ")", e);
        }
    }

    /**
     * For an image of each of {@code images}, under its name.
     *
     * @param read all files that the command reads
     * @throws IllegalArgumentException if one of them would be overwritten, or an image by another
     */
    static OutputFolder of(Path path, List<Path> images, List<Path> read) {
        return of(path, images, read, OutputFolder::png);
    }

    /**
     * The same for other files than images.
     *
     * @param made the file in a folder that is made of another
     */
    static OutputFolder of(Path path, List<Path> images, List<Path> read, BinaryOperator<Path> made) {
        Map<Path, Path> taken = new HashMap<>();
        for (Path image : images) {
            Path file = made.apply(path, image);
            Path other = taken.put(file.toAbsolutePath().normalize(), image);
            if (other != null) {
                throw new IllegalArgumentException(
                        "-o: %s and %s would both be written to %s. Give them one after the other, to two folders"
                                .formatted(other, image, file));
            }
            for (Path one : read) {
                if (same(file, one)) {
                    throw new IllegalArgumentException(
                            "-o: %s would be overwritten by what is made of %s. Name another folder"
                                    .formatted(one, image));
                }
            }
        }
        return new OutputFolder(path);
    }

    static boolean same(Path a, Path b) {
        try {
            return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
        } catch (IOException e) {
            throw new UncheckedIOException(a + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** A PNG of the same name as {@code image}. */
    Path png(Path image) {
        return png(path(), image);
    }

    static Path png(Path path, Path image) {
        return path.resolve(String.valueOf(image.getFileName()).replaceFirst("\\.[^.]*$", "") + ".png");
    }
}
