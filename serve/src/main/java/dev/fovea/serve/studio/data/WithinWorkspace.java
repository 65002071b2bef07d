package dev.fovea.serve.studio.data;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Whether the images of data lie in the workspace: a link or a list in it can lead anywhere. */
final class WithinWorkspace {

    private final Path root;
    private final Map<Path, Boolean> folders = new HashMap<>();

    /** @param root of the workspace, without links */
    WithinWorkspace(Path root) {
        this.root = root;
    }

    /**
     * @param path of the data, for the message
     * @throws DataException that names the first image that lies elsewhere
     */
    void check(String path, Dataset images) {
        for (int i = 0; i < images.size(); i++) {
            if (!isInside(images.name(i))) {
                throw new DataException(
                        "%s: its image '%s' lies outside the workspace, by a link or a list. Copy the images into the workspace, or open the studio on a folder that holds them"
                                .formatted(path, images.name(i)));
            }
        }
    }

    private boolean isInside(String name) {
        try {
            Path file = Path.of(name).toAbsolutePath().normalize();
            Path folder = file.getParent();
            return folder == null
                    || folders.computeIfAbsent(folder, this::leadsInside)
                            && (!Files.isSymbolicLink(file) || leadsInside(file));
        } catch (InvalidPathException e) {
            return true; // no file: within an archive, or drawn
        }
    }

    /** What is not there leads nowhere. */
    boolean leadsInside(Path path) {
        try {
            return !Files.exists(path) || path.toRealPath().startsWith(root);
        } catch (IOException e) {
            return false;
        }
    }
}
