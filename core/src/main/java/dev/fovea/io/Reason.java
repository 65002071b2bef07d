package dev.fovea.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be used, in words: the message of the platform's exception is often the path alone. */
public final class Reason {

    private Reason() {}

    /** A few words without the path, to stand in parentheses behind it. */
    public static String of(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (e instanceof EOFException) {
            return "it ends too early";
        }
        if (e instanceof FileSystemException file) {
            return file.getReason() == null ? "the file system refuses" : file.getReason();
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? e.getClass().getSimpleName() : e.getMessage();
    }
}
