package dev.fovea.io;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be read or written, in words: the messages of Java's own exceptions are often a path alone. */
public final class Reason {

    private Reason() {}

    /** As it stands in brackets behind the name of the file. */
    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        if (e instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        if (e instanceof EOFException) {
            return "it ends too early";
        }
        if (e instanceof FileSystemLoopException) {
            return "a link that leads back to itself";
        }
        if (e instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        // Of FileNotFoundException the reason stands behind the path: "a.txt (Permission denied)".
        String message = e.getMessage();
        if (e instanceof FileNotFoundException && message != null && message.matches(".*\\(.*\\)")) {
            return message.substring(message.lastIndexOf('(') + 1, message.length() - 1);
        }
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : Escaped.line(message);
    }
}
