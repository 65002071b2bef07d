package dev.fovea.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder a command writes its pictures to, made where it is missing. */
record OutputFolder(Path path) {

    OutputFolder {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be made (" + e.getMessage() + ")", e);
        }
    }

    /** A PNG of the same name as {@code picture}. */
    Path png(Path picture) {
        return named(picture, ".png");
    }

    /** A file of the same name as {@code picture} with another ending. */
    Path named(Path picture, String ending) {
        return path.resolve(String.valueOf(picture.getFileName()).replaceFirst("\\.[^.]*$", "") + ending);
    }
}
