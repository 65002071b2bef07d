package dev.fovea.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A folder out of which nothing in it leads, for programs that read what others put there: while it is open, no file in it is read that
 * is a link to elsewhere, and no list in it may name a file elsewhere. It is the real path that counts, at the moment at which a file is
 * opened, so that it does not matter what a file was before.
 */
public final class ClosedFolder implements AutoCloseable {

    private static final List<ClosedFolder> ALL = new CopyOnWriteArrayList<>();

    private final Path root;

    private ClosedFolder(Path root) {
        this.root = root;
    }

    /**
     * Holds for the whole process, until it is closed. Files are of the folder if their paths begin with its real path.
     *
     * @throws IOException if there is no such folder
     */
    public static ClosedFolder of(Path folder) throws IOException {
        var one = new ClosedFolder(folder.toRealPath());
        ALL.add(one);
        return one;
    }

    /**
     * Before {@code file} is opened.
     *
     * @throws OutsideException if it lies in such a folder, and a link in it leads out
     */
    public static void check(Path file) throws OutsideException {
        for (ClosedFolder one : ALL) {
            if (one.lexically(file) && !one.holds(file)) {
                throw new OutsideException(one.root);
            }
        }
    }

    /** Whether {@link #check} would refuse it. */
    public static boolean leadsOut(Path file) {
        return ALL.stream().anyMatch(one -> one.lexically(file) && !one.holds(file));
    }

    /** Whether {@code list} lies in such a folder and {@code named} does not, whether anything is there or not. */
    public static boolean leadsOut(Path list, Path named) {
        return ALL.stream().anyMatch(one -> one.lexically(list) && !(one.lexically(named) && one.holds(named)));
    }

    private boolean lexically(Path file) {
        return file.toAbsolutePath().normalize().startsWith(root);
    }

    /** What is not there leads nowhere. */
    private boolean holds(Path file) {
        try {
            return !Files.exists(file) || file.toRealPath().startsWith(root);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        ALL.remove(this);
    }
}
