package dev.fovea.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What a folder holds by the names of its entries alone.
 *
 * @param folders in it, hidden ones left out
 * @param files in it that are no images, at most a few hundred
 * @param images how many
 * @param movies how many GIF and video files
 */
record FolderLook(Path folder, List<Path> folders, List<String> files, int images, int movies) {

    private static final int MOST_FOLDERS = 2000;
    private static final int MOST_FILES = 500;
    private static final int MOST_ENTRIES = 300_000;

    FolderLook {
        folders = folders.stream().sorted().toList();
        files = List.copyOf(files);
    }

    /**
     * One that cannot be listed is empty.
     *
     * @param other whether a folder in it is passed over
     */
    static FolderLook at(Path folder, Predicate<Path> other) {
        var folders = new ArrayList<Path>();
        var files = new ArrayList<String>();
        int images = 0;
        int movies = 0;
        int entries = 0;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
                String name = entry.getFileName().toString();
                if (++entries > MOST_ENTRIES) {
                    break;
                }
                if (TreeFile.hidden(name)) {
                    continue;
                }
                if (TreeFile.image(name)) {
                    images++;
                } else if (Clips.isMovie(name)) {
                    movies++;
                } else if (folders.size() < MOST_FOLDERS && Files.isDirectory(entry)) {
                    if (!loops(entry, folder) && !other.test(entry)) {
                        folders.add(entry);
                    }
                } else if (files.size() < MOST_FILES && Files.isRegularFile(entry)) {
                    files.add(name);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // those it has told of are there; who opens it says what is wrong with it
        }
        return new FolderLook(folder, folders, files, images, movies);
    }

    /** Whether a link leads back above itself. */
    private static boolean loops(Path entry, Path folder) throws IOException {
        return Files.isSymbolicLink(entry)
                && folder.toRealPath(new LinkOption[0]).startsWith(entry.toRealPath(new LinkOption[0]));
    }

    String name() {
        return folder.getFileName() == null ? "" : folder.getFileName().toString();
    }

    boolean hasFile(String pattern) {
        return files.stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).matches(pattern));
    }

    boolean hasFolder(String pattern) {
        return folders.stream()
                .anyMatch(one ->
                        one.getFileName().toString().toLowerCase(Locale.ROOT).matches(pattern));
    }
}
