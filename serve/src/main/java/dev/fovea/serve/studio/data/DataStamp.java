package dev.fovea.serve.studio.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * By which changes of a data set show without looking at every file: when it and the folders in it last changed.
 *
 * @param folders that were looked at
 * @param sum of their times
 * @param bytes of a file
 */
record DataStamp(int folders, long sum, long bytes) {

    private static final int DEEPEST = 3;
    private static final int MOST_FOLDERS = 3000;

    /** Entries of one folder that are looked at: what comes after thousands of images is seldom another folder. */
    private static final int MOST_ENTRIES = 2000;

    /** What need not be asked whether it is a folder. */
    private static final Pattern IMAGE = Pattern.compile("(?i)\\.(jpe?g|png|bmp|webp|tiff?|p[bgpn]m)$");

    private static final DataStamp NONE = new DataStamp(0, 0, 0);

    static DataStamp of(Path place) {
        try {
            if (Files.isRegularFile(place)) {
                return new DataStamp(0, time(place), Files.size(place));
            }
            return Files.isDirectory(place) ? below(place, 0, NONE) : NONE;
        } catch (IOException | DirectoryIteratorException e) {
            return NONE; // who reads it next says what is wrong with it
        }
    }

    private static DataStamp below(Path folder, int depth, DataStamp before) throws IOException {
        var stamp = new DataStamp(before.folders + 1, 31 * before.sum + time(folder), 0);
        if (depth == DEEPEST) {
            return stamp;
        }
        int looked = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (stamp.folders >= MOST_FOLDERS || looked++ >= MOST_ENTRIES) {
                    return stamp;
                }
                if (!IMAGE.matcher(entry.getFileName().toString()).find() && Files.isDirectory(entry)) {
                    stamp = below(entry, depth + 1, stamp);
                }
            }
        }
        return stamp;
    }

    private static long time(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }
}
