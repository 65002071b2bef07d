package dev.fovea.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * By which it shows that a file was written: two stamps that differ are of two states of it.
 *
 * @param time when it was written last
 * @param bytes of it; -1 of one that is not there
 */
public record FileStamp(FileTime time, long bytes) {

    private static final FileStamp NONE = new FileStamp(FileTime.fromMillis(0), -1);

    /** Of a file as it is now; of one that is not there always the same. */
    public static FileStamp of(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(now.lastModifiedTime(), now.size());
        } catch (IOException e) {
            return NONE;
        }
    }
}
