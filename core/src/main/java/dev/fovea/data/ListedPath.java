package dev.fovea.data;

import dev.fovea.io.ClosedFolder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The paths in lists, which are counted from the folder of the list and may have been written on another system. */
final class ListedPath {

    private ListedPath() {}

    /**
     * Where a cell says that a file lies, whether it is there or not.
     *
     * @param line of the list, for the message
     * @throws DataException if it can be no path here, or lies outside of a folder that is closed
     */
    static Path of(Path list, String cell, int line) {
        Path named = named(list, cell)
                .orElseThrow(() -> new DataException("%s:%s: cannot be a path here: %s".formatted(list, line, cell)));
        if (ClosedFolder.leadsOut(list, named)) {
            throw new DataException(
                    "%s:%s: '%s' lies outside of the folder whose files may be read. Copy the file into it"
                            .formatted(list, line, cell));
        }
        return named;
    }

    /** None if it can be no path here. */
    static Optional<Path> named(Path list, String cell) {
        try {
            Path path = list.resolveSibling(cell);
            return Optional.of(
                    Files.exists(path) || cell.indexOf('\\') < 0 ? path : list.resolveSibling(cell.replace('\\', '/')));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
