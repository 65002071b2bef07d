package dev.fovea.serve.studio;

import dev.fovea.data.DataFiles;
import dev.fovea.data.DataStamp;
import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses data as a whole, and at once, if a link or a list in it leads out of the workspace. That none does is kept for as long as the
 * data seems the same, as it is only the sooner word: what decides is the {@link dev.fovea.io.ClosedFolder}, at each file that is opened.
 */
final class DataBounds {

    private static final int KEPT = 64;

    private final Path root;

    /** Data in which nothing led out. */
    private final Map<Path, List<DataStamp>> kept = new LinkedHashMap<>(16, 0.75f, true);

    /** @param root of the workspace, without links */
    DataBounds(Path root) {
        this.root = root;
    }

    /**
     * @param name of the data, for the message
     * @throws Refusal that names the first file that lies elsewhere
     */
    void check(Path place, String name) {
        Optional<Path> outside = outside(place);
        if (outside.isPresent()) {
            Path found = outside.get();
            throw Refusal.of(
                    403,
                    "outside",
                    "%s: '%s' lies outside the workspace, by a link or a list. Copy the images into the workspace, or open the studio on a folder that holds them"
                            .formatted(
                                    name,
                                    Escaped.of((found.startsWith(root) ? root.relativize(found) : found).toString())));
        }
    }

    private Optional<Path> outside(Path place) {
        List<DataStamp> now = Files.isRegularFile(place) && place.getParent() != null
                ? List.of(DataStamp.of(place), DataStamp.of(place.getParent()))
                : List.of(DataStamp.of(place));
        synchronized (kept) {
            if (now.equals(kept.get(place))) {
                return Optional.empty();
            }
        }
        Optional<Path> found = DataFiles.outside(place);
        synchronized (kept) {
            kept.remove(place);
            if (found.isEmpty()) {
                kept.put(place, now);
            }
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return found;
    }
}
