package dev.fovea.serve.studio.data;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.io.Escaped;
import dev.fovea.io.RegularFile;
import dev.fovea.serve.http.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files that a page sends, one after the other, into a folder that is nobody's yet. They become a data set all together or, when
 * the page gives up or is gone, are removed all together.
 */
final class SentFiles {

    static final long LARGEST = 16L << 30;

    /** Bytes of an image file that is looked at; larger ones are not decoded anywhere. */
    private static final long LARGEST_IMAGE = 500_000_000;

    /** Pixels of a side that are decoded to see whether an image is whole. */
    private static final int SEEN = 64;

    private static final int MOST_FILES = 500_000;
    private static final int MOST_DEPTH = 12;

    /** Bytes of a name on all usual disks. */
    private static final int LONGEST_NAME = 255;

    private static final List<String> ARCHIVES = List.of(".zip", ".tar", ".tar.gz", ".tgz");

    /** Beside images: tables, annotations and the files of digits. */
    private static final List<String> OTHERS =
            List.of(".csv", ".json", ".xml", ".txt", ".yaml", ".yml", ".gz", ".bin", ".gif", ".mp4", ".avi", ".mov");

    private final Path folder;
    private volatile Instant touched = Instant.now();
    private int count;

    SentFiles(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    Path folder() {
        return folder;
    }

    Instant touched() {
        return touched;
    }

    void touch() {
        touched = Instant.now();
    }

    synchronized int count() {
        return count;
    }

    synchronized void counted() {
        count++;
        touch();
    }

    /**
     * Where a file of that path is written, first under another name.
     *
     * @throws Refusal if it cannot be called so, is of no kind that belongs to data, or there are too many
     */
    synchronized Path place(String path) throws IOException {
        touch();
        if (count >= MOST_FILES) {
            throw Refusal.tooLarge(
                    "more than %s files are not sent at once. Send an archive, or copy them into the workspace"
                            .formatted(MOST_FILES));
        }
        String[] names = path.split("/", -1);
        if (names.length > MOST_DEPTH) {
            throw Refusal.wrong("'%s': lies more than %s folders deep".formatted(Escaped.of(path), MOST_DEPTH));
        }
        for (String name : names) {
            checkName(name);
        }
        checkKind(names[names.length - 1]);
        try {
            Path place = folder.resolve(path).normalize();
            if (!place.startsWith(folder) || place.equals(folder)) {
                throw notAName(path);
            }
            Files.createDirectories(place.getParent());
            return place;
        } catch (InvalidPathException e) {
            throw notAName(path);
        }
    }

    static void checkName(String name) {
        boolean odd = name.isBlank()
                || name.startsWith(".")
                || name.chars().anyMatch(c -> c < ' ' || c == '\\' || c == '/' || c == 0x7f)
                || System.getProperty("os.name").startsWith("Windows") && name.matches(".*[<>:\"|?*].*");
        if (odd) {
            throw notAName(name);
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_NAME) {
            throw Refusal.wrong("a name of %s bytes is longer than the %s that disks take ('%s'). Shorten it"
                    .formatted(bytes, LONGEST_NAME, Escaped.of(name.substring(0, 40))));
        }
    }

    private static Refusal notAName(String name) {
        return Refusal.wrong("'%s': no file can be called so here. Rename it".formatted(Escaped.of(name)));
    }

    private static void checkKind(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isImage(lower) && !isArchive(lower) && OTHERS.stream().noneMatch(lower::endsWith)) {
            throw Refusal.of(
                    415,
                    "wrong-kind",
                    "'%s': neither an image nor a table, annotation or archive. It is left out"
                            .formatted(Escaped.of(name)));
        }
    }

    private static boolean isImage(String lower) {
        return lower.matches(".*\\.(jpe?g|png|bmp|webp|tiff?|p[bgpn]m|jfif|jpe)");
    }

    /** Whether a file that is called an image is one. */
    static boolean isSound(Path file) {
        if (!isImage(file.getFileName().toString().toLowerCase(Locale.ROOT))) {
            return true;
        }
        try {
            // of a large JPEG only a fraction is decoded; it is gone through to its end all the same
            Image.thumbnail(RegularFile.read(file, LARGEST_IMAGE), file.toString(), SEEN);
            return true;
        } catch (IOException | ImageException e) {
            return false;
        }
    }

    static boolean isArchive(String lower) {
        return ARCHIVES.stream().anyMatch(lower::endsWith);
    }

    /** The one archive that all is; none where there is more, or something else. */
    Optional<Path> onlyArchive() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> two = entries.limit(2).toList();
            return two.size() == 1
                            && Files.isRegularFile(two.get(0))
                            && isArchive(two.get(0).getFileName().toString().toLowerCase(Locale.ROOT))
                    ? Optional.of(two.get(0))
                    : Optional.empty();
        }
    }

    /** The folder with more than one entry: a folder that is dropped holds its own name. */
    Path top(String name) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> two = entries.limit(2).toList();
            return two.size() == 1
                            && Files.isDirectory(two.get(0))
                            && two.get(0).getFileName().toString().equals(name)
                    ? two.get(0)
                    : folder;
        }
    }

    /** Whether it can be opened as it lies now; the sentence names it as people do. */
    static void checkOpens(Path place, String name) {
        OpenData.opened(name, place);
    }

    /** Removes all of it. */
    void discard() {
        discard(folder);
    }

    static void discard(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path inside, IOException e) throws IOException {
                    Files.deleteIfExists(inside);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // what is left is removed when the studio starts the next time
        }
    }
}
