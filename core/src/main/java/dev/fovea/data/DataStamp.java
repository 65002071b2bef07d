package dev.fovea.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * By which changes of data show without looking at every file: two stamps that differ are of two states. Of a file it is its time and
 * size, of a folder the times of the folders in it, down to three levels; runs, lists of corrections and what is hidden do not count. What
 * is overwritten in place, with no file made, renamed or removed, does not show.
 *
 * @param folders that were looked at
 * @param sum of their times
 * @param bytes of a file
 */
public record DataStamp(int folders, long sum, long bytes) {

    private static final int DEEPEST = 3;
    private static final int MOST_FOLDERS = 3000;

    /** Entries of one folder that are looked at: what comes after thousands of images is seldom another folder. */
    private static final int MOST_ENTRIES = 2000;

    /** Lists that are kept beside data, and in it where it is all that there is. */
    private static final List<String> LISTS = List.of(".corrections.csv", AnnotationCorrections.ENDING);

    private static final DataStamp NONE = new DataStamp(0, 0, 0);

    /** The stamp of a file or folder as it is now; of what is not there, always the same. */
    public static DataStamp of(Path place) {
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
        var stamp = new DataStamp(before.folders + 1, 31 * before.sum + (depth == 0 ? ofTop(folder) : time(folder)), 0);
        if (depth == DEEPEST) {
            return stamp;
        }
        int looked = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (stamp.folders >= MOST_FOLDERS || looked++ >= MOST_ENTRIES) {
                    return stamp;
                }
                String name = entry.getFileName().toString();
                if (!TreeFile.image(name)
                        && !TreeFile.hidden(name)
                        && Files.isDirectory(entry)
                        && !OutputFolders.is(entry)) {
                    stamp = below(entry, depth + 1, stamp);
                }
            }
        }
        return stamp;
    }

    /** Lists of corrections may lie in the top folder: each of them changes its time, and no image. */
    private static long ofTop(Path folder) throws IOException {
        long sum = 0;
        int looked = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (looked++ >= MOST_ENTRIES) {
                    return time(folder);
                }
                String name = entry.getFileName().toString();
                if (!TreeFile.hidden(name) && LISTS.stream().noneMatch(name::endsWith)) {
                    sum += name.hashCode() * (Files.isRegularFile(entry) ? time(entry) : 1);
                }
            }
        }
        return sum;
    }

    private static long time(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }
}
