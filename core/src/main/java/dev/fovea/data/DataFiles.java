package dev.fovea.data;

import dev.fovea.io.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the files of data lie in a folder, found out before any of them is read: a link in it can lead anywhere, and a list can name
 * any file. For programs that open data which others name, such as a server.
 */
public final class DataFiles {

    /** What the column of paths depends on. */
    private static final List<TargetKind> KINDS =
            List.of(TargetKind.ONE_CLASS, TargetKind.BOXES, new TargetKind.Numbers(List.of()));

    private final Path root;
    private final Set<Path> seen = new HashSet<>();

    private DataFiles(Path root) {
        this.root = root;
    }

    /**
     * The first file that data would be read from although it lies outside of {@code folder}; empty if all of it lies in it. Nothing
     * outside is listed or opened.
     *
     * @param data a file or folder; what is not there has no files
     * @throws DataException if it cannot be listed
     */
    public static Optional<Path> outside(Path data, Path folder) {
        try {
            var files = new DataFiles(folder.toRealPath());
            return Files.exists(data) ? files.of(data) : Optional.empty();
        } catch (IOException | DirectoryIteratorException e) {
            throw new DataException("%s: cannot be listed (%s)"
                    .formatted(data, Reason.of(e instanceof IOException io ? io : (IOException) e.getCause())));
        }
    }

    private Optional<Path> of(Path data) throws IOException {
        Path real = data.toRealPath();
        if (!real.startsWith(root)) {
            return Optional.of(data);
        }
        if (Files.isDirectory(real)) {
            return below(real);
        }
        String name = data.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return listed(data);
        }
        if (AnnotationCorrections.named(data) && CorrectionsFile.matches(data)) {
            Path corrected = AnnotationCorrections.corrected(data);
            return Files.exists(corrected) ? of(corrected) : Optional.empty();
        }
        return Data.describesBoxes(name) ? of(Tree.rootAround(data)) : Optional.empty();
    }

    private Optional<Path> below(Path folder) throws IOException {
        if (!seen.add(folder)) {
            return Optional.empty();
        }
        var folders = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (TreeFile.hidden(name)) {
                    continue;
                }
                if (leadsOut(entry)) {
                    return Optional.of(entry);
                }
                if (!TreeFile.image(name) && Files.isDirectory(entry)) {
                    folders.add(entry.toRealPath());
                }
            }
        }
        for (Path inside : folders) {
            Optional<Path> found = below(inside);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** What leads nowhere leads nowhere outside: who reads it says that it is not there. */
    private boolean leadsOut(Path entry) throws IOException {
        return Files.isSymbolicLink(entry)
                && Files.exists(entry)
                && !entry.toRealPath().startsWith(root);
    }

    private Optional<Path> listed(Path list) throws IOException {
        Set<String> cells = new HashSet<>();
        for (TargetKind kind : KINDS) {
            CsvTable table = CsvTable.read(list, cell -> isFile(list, cell), kind, new ArrayList<>());
            for (CsvTable.Row row : table.rows()) {
                cells.add(row.cell(table.pathColumn()));
            }
        }
        for (String cell : cells) {
            Optional<Path> outside = named(list, cell);
            if (outside.isPresent()) {
                return outside;
            }
        }
        return Optional.empty();
    }

    /** Of a clip that is a folder, what is in it, too. */
    private Optional<Path> named(Path list, String cell) throws IOException {
        for (String spelled : List.of(cell, cell.replace('\\', '/'))) {
            Optional<Path> place = place(list, spelled);
            if (place.isPresent() && !place.get().startsWith(root)) {
                return place;
            }
            if (place.isPresent() && Files.exists(place.get())) {
                Path real = place.get().toRealPath();
                Optional<Path> found =
                        !real.startsWith(root) ? place : Files.isDirectory(real) ? below(real) : Optional.empty();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** As it is written, whether anything is there or not. */
    private static Optional<Path> place(Path list, String cell) throws IOException {
        try {
            Path folder = list.toAbsolutePath().normalize().getParent().toRealPath();
            return Optional.of(folder.resolve(cell).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private boolean isFile(Path list, String cell) {
        try {
            return place(list, cell)
                    .filter(file -> file.startsWith(root))
                    .filter(Files::isRegularFile)
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }
}
