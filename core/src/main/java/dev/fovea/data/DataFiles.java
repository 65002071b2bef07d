package dev.fovea.data;

import dev.fovea.io.ClosedFolder;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether the files of data lie in a {@link ClosedFolder}, found out before any of them is read, so that such data is refused as a whole.
 * Each file is looked at again when it is opened.
 */
public final class DataFiles {

    private final Set<Path> seen = new HashSet<>();

    private DataFiles() {}

    /**
     * The first file that data would be read from although it lies outside of the closed folder in which the data lies; empty if all of
     * it lies in it, or no folder is closed. Nothing outside is listed or opened.
     *
     * @param data a file or folder; what is not there has no files
     * @throws DataException if it cannot be listed
     */
    public static Optional<Path> outside(Path data) {
        try {
            return Files.exists(data) ? new DataFiles().of(data) : Optional.empty();
        } catch (IOException | DirectoryIteratorException e) {
            throw new DataException("%s: cannot be listed (%s)"
                    .formatted(data, Reason.of(e instanceof IOException io ? io : (IOException) e.getCause())));
        }
    }

    private Optional<Path> of(Path data) throws IOException {
        if (ClosedFolder.leadsOut(data)) {
            return Optional.of(data);
        }
        if (Files.isDirectory(data)) {
            return below(data.toRealPath());
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
                if (Files.isSymbolicLink(entry) && ClosedFolder.leadsOut(entry)) {
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

    /** What the table names in each way in which it can be read. */
    private Optional<Path> listed(Path list) throws IOException {
        Set<String> cells = new HashSet<>();
        Stream.of(
                        CsvData.table(list, TargetKind.ONE_CLASS),
                        CsvData.table(list, new TargetKind.Numbers(List.of())),
                        CsvBoxes.table(list))
                .forEach(table -> table.rows().forEach(row -> cells.add(row.cell(table.pathColumn()))));
        cells.remove(""); // who reads it says that there is none
        for (String cell : cells) {
            Optional<Path> named = ListedPath.named(list, cell);
            if (named.isEmpty()) {
                continue;
            }
            Path file = named.get();
            Optional<Path> found = ClosedFolder.leadsOut(list, file)
                    ? named
                    : Files.isDirectory(file) ? below(file.toRealPath()) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
