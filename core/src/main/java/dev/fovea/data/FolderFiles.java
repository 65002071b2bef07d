package dev.fovea.data;

import dev.fovea.image.ImageException;
import dev.fovea.io.ClosedFolder;
import dev.fovea.io.Reason;
import dev.fovea.io.RegularFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The regular files below a folder. Symbolic links to files and folders are followed; a link to a folder that it lies
 * in is passed over, so that loops end, and so are folders that this library wrote.
 */
final class FolderFiles extends SimpleFileVisitor<Path> {

    /** Links that cross each other can make one folder appear in more places than there are files on a disk. */
    private static final int MOST_PLACES = 100;

    private final Path root;
    private final List<Path> files = new ArrayList<>();
    private final List<Path> outputs = new ArrayList<>();
    private final Map<Path, Integer> places = new HashMap<>();

    private FolderFiles(Path root) {
        this.root = root;
    }

    /** @throws DataException if a folder cannot be listed, or a link leads nowhere */
    static FolderFiles below(Path root) {
        return walked(root, Integer.MAX_VALUE);
    }

    /** The files in a folder itself, and nothing below it. */
    static FolderFiles in(Path root) {
        return walked(root, 1);
    }

    private static FolderFiles walked(Path root, int depth) {
        var walk = new FolderFiles(root);
        try {
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, walk);
        } catch (IOException e) {
            throw new DataException(root + ": cannot be listed (" + Reason.of(e) + ")");
        }
        return walk;
    }

    List<Path> files() {
        return files;
    }

    /** What is to be said of folders of runs, models and reports that were passed over; none where there were none. */
    List<String> notes() {
        if (outputs.isEmpty()) {
            return List.of();
        }
        Path first = outputs.stream().sorted().findFirst().orElseThrow();
        String more = outputs.size() == 1
                ? ""
                : String.format(Locale.ROOT, ", and %,d more such folders", outputs.size() - 1);
        return List.of("left out: %s (a %s that was written here, no data%s)"
                .formatted(first, OutputFolders.kind(first).orElse("run"), more));
    }

    /**
     * One part of a path as text. What the platform cannot decode (names of old systems, a locale without UTF-8) is
     * decoded here from its bytes, so that names stay apart.
     */
    static String name(Path part) {
        String name = part.toString();
        if (name.indexOf('\uFFFD') < 0) {
            return name;
        }
        String raw = part.toUri().getRawPath().replaceFirst("/$", "");
        byte[] bytes = percentDecoded(raw.substring(raw.lastIndexOf('/') + 1));
        return new EntryNames(List.of(bytes)).of(bytes);
    }

    private static byte[] percentDecoded(String text) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /** @throws DataException if it leads out of a folder that is closed */
    static void checkInside(Path place) {
        if (ClosedFolder.leadsOut(place)) {
            throw new DataException(
                    place + ": a link to what lies outside of the folder whose files may be read. Copy that into it");
        }
    }

    /** @param parts its folders and name, from the top */
    static TreeFile file(List<String> parts, Path file) {
        return new TreeFile(parts, file.toString(), () -> size(file), () -> read(file), () -> stream(file));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // who reads it says what is wrong with it
        }
    }

    private static InputStream stream(Path file) {
        try {
            RegularFile.check(file);
            return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        } catch (IOException e) {
            throw new ImageException(file + ": cannot be read (" + Reason.of(e) + ")");
        }
    }

    /** @throws ImageException if the file cannot be read: one image among many, which can be left out */
    static byte[] read(Path file) {
        try {
            return RegularFile.read(file, TreeFile.MOST_BYTES);
        } catch (IOException e) {
            throw new ImageException(file + ": cannot be read (" + Reason.of(e) + ")");
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        if (!folder.equals(root) && TreeFile.hidden(folder.getFileName().toString())) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (!folder.equals(root) && OutputFolders.is(folder)) {
            outputs.add(folder);
            return FileVisitResult.SKIP_SUBTREE;
        }
        checkInside(folder);
        if (places.merge(folder.toRealPath(), 1, Integer::sum) > MOST_PLACES) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: symbolic links show this folder in more than %d places. Remove some of them",
                    folder,
                    MOST_PLACES));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        // With links followed, only one that leads nowhere is still a link. As an image it is one that cannot be read.
        boolean lost = attributes.isSymbolicLink();
        if (attributes.isRegularFile()
                || (lost && TreeFile.image(file.getFileName().toString()))) {
            files.add(file);
        } else if (lost && !TreeFile.hidden(file.getFileName().toString())) {
            throw new DataException(
                    file + ": a symbolic link to what is not there. Remove it, or restore what it points to");
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        // systems keep folders of their own from all others
        if (e instanceof FileSystemLoopException
                || TreeFile.hidden(file.getFileName().toString())) {
            return FileVisitResult.CONTINUE;
        }
        throw new DataException(file + ": cannot be listed (" + Reason.of(e) + ")");
    }
}
