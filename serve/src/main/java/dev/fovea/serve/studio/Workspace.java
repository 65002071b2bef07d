package dev.fovea.serve.studio;

import dev.fovea.io.ClosedFolder;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.io.Reason;
import dev.fovea.serve.http.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder that the studio shows and writes to; nothing outside it can be named. */
public final class Workspace implements AutoCloseable {

    /** The folder of what the studio keeps for itself. */
    public static final String OWN = ".fovea";

    private static final String RUNS = "runs";
    private static final int LONGEST = 4096;

    private final Path root;
    private final Optional<WorkspaceLock> lock;
    private final ClosedFolder closed;
    private final DataBounds bounds;

    private Workspace(Path root, Optional<WorkspaceLock> lock) throws IOException {
        this.root = root;
        this.lock = lock;
        closed = ClosedFolder.of(root);
        bounds = new DataBounds(root);
    }

    /**
     * Opens {@code folder}; one that cannot be written is opened read-only.
     *
     * @throws IllegalArgumentException if there is no such folder, another studio has it open, or a folder that the studio writes to is a
     *     link out of it
     */
    public static Workspace open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "%s: there is no such folder. Name the folder that holds your images and runs".formatted(folder));
        }
        try {
            Path root = folder.toRealPath();
            checkOwn(root, root.resolve(OWN));
            checkOwn(root, root.resolve(RUNS));
            return new Workspace(root, WorkspaceLock.of(root.resolve(OWN)));
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: cannot be opened (%s)".formatted(folder, Reason.of(e)), e);
        }
    }

    /** Nobody would expect that a studio writes to, and removes from, what lies outside of its workspace. */
    private static void checkOwn(Path root, Path own) throws IOException {
        if (Files.isSymbolicLink(own) && !(Files.exists(own) && own.toRealPath().startsWith(root))) {
            throw new IllegalArgumentException(
                    own
                            + ": a link that leads out of the workspace. Put a folder in its place, or open the studio on a folder that holds both");
        }
    }

    public Path root() {
        return root;
    }

    /** The folder's own name, for people. */
    public String name() {
        return root.getFileName() == null ? root.toString() : root.getFileName().toString();
    }

    /** Whether it may be written. */
    public boolean writable() {
        return lock.isPresent();
    }

    /** Whether a second studio is kept away from it; a read-only one has nothing to fear of it. */
    public boolean locked() {
        return lock.map(WorkspaceLock::locked).orElse(true);
    }

    /** @throws Refusal if it is read-only */
    public void checkWritable() {
        if (!writable()) {
            throw Refusal.of(
                    409,
                    "read-only",
                    "%s: cannot be written, so nothing can be changed here. Open the studio on a folder that can be"
                            .formatted(root));
        }
    }

    /** Where runs lie. */
    public Path runs() {
        return root.resolve(RUNS);
    }

    /** The folder of what the studio keeps for itself, such as its queue; created if it does not exist. */
    public Path own() throws IOException {
        checkWritable();
        ClosedFolder.check(root.resolve(OWN));
        return Files.createDirectories(root.resolve(OWN));
    }

    /**
     * The place inside the workspace that {@code path} names, whether it exists or not.
     *
     * @param path relative to the workspace, with slashes, as {@link #relative} writes it
     * @throws Refusal if it is not such a path, or leads out of the workspace, be it by a link
     */
    public Path resolve(String path) {
        Path inside = named(path);
        try {
            Path there = inside;
            while (there != null && !Files.exists(there)) {
                if (Files.isSymbolicLink(there)) { // that leads nowhere: where it is written is not known
                    throw outside(path);
                }
                there = there.getParent();
            }
            if (there == null || !there.toRealPath().startsWith(root)) {
                throw outside(path);
            }
            return inside;
        } catch (IOException e) {
            throw Storage.refusal(e);
        }
    }

    private Path named(String path) {
        if (path.isEmpty() || path.length() > LONGEST) {
            throw Refusal.wrong("expected a path inside the workspace, such as flowers, got %s characters"
                    .formatted(path.length()));
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || !isName(part)) {
                throw outside(path);
            }
        }
        try {
            Path inside = root.resolve(path).normalize();
            if (!inside.startsWith(root) || inside.equals(root)) {
                throw outside(path);
            }
            return inside;
        } catch (InvalidPathException e) {
            throw outside(path);
        }
    }

    /** Whether a file can have this name on every system; a name that only looks odd is not refused. */
    private static boolean isName(String part) {
        return part.chars().noneMatch(c -> c < ' ' || c == '\\' || c == 0x7f)
                && !(System.getProperty("os.name").startsWith("Windows") && part.indexOf(':') >= 0);
    }

    private static Refusal outside(String path) {
        return Refusal.of(
                403,
                "outside",
                "'%s': not a path inside the workspace. Expected one such as flowers/rose.jpg"
                        .formatted(Escaped.of(path)));
    }

    /**
     * The file or folder at that path.
     *
     * @throws Refusal that names the nearest, if there is none
     */
    public Path existing(String path) {
        Path inside = resolve(path);
        if (!Files.exists(inside)) {
            throw Refusal.notFound(
                    "there is nothing called '%s' in the workspace%s".formatted(Escaped.of(path), hint(inside)));
        }
        return inside;
    }

    private String hint(Path inside) {
        Path folder = inside.getParent();
        String moved = ". Was it moved or renamed?";
        if (!Files.isDirectory(folder)) {
            return moved;
        }
        try (Stream<Path> beside = Files.list(folder)) {
            List<String> names = beside.limit(LONGEST).map(this::relative).toList();
            return Nearest.hint(relative(inside), names, moved);
        } catch (IOException e) {
            return moved; // the sentence is as true without it
        }
    }

    /** The path of {@code inside} in addresses. */
    public String relative(Path inside) {
        return root.relativize(inside.toAbsolutePath().normalize()).toString().replace('\\', '/');
    }

    /**
     * Before data is read, whatever for.
     *
     * @param data in the workspace
     * @throws Refusal if a link or a list in it leads out, or it cannot be listed
     */
    public void checkData(Path data) {
        bounds.check(data, data.equals(root) ? "." : relative(data));
    }

    /** Whether {@code there} is inside, wherever links lead; what is not there leads nowhere. */
    public boolean holds(Path there) {
        return !ClosedFolder.leadsOut(there);
    }

    /** Records the address of its studio, for whoever tries to open another. */
    void sayAddress(String address) {
        lock.ifPresent(own -> own.say(address));
    }

    @Override
    public void close() {
        closed.close();
        lock.ifPresent(WorkspaceLock::close);
    }
}
