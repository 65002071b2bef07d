package dev.fovea.run;

import dev.fovea.io.ClosedFolder;
import dev.fovea.io.Escaped;
import dev.fovea.models.ModelFormat;
import dev.fovea.models.ModelPackage;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A model that lies in a folder; its weights are not read.
 *
 * @param path of the run, the package or the file
 * @param config what it is; none where that cannot be read
 * @param problem why not; empty where it can
 * @param changed when it was written, in milliseconds since 1970
 */
public record SavedModel(Path path, Kind kind, Optional<ModelPackage.Config> config, String problem, long changed) {

    /** What lies there. */
    public enum Kind {
        RUN,
        PACKAGE,
        /** Of another format. */
        FILE
    }

    /** Folders in each other that are looked into. */
    private static final int DEPTH = 3;

    /** Entries of folders that are looked at in all, and of each: there may be millions of images beside. */
    private static final int MOST_LOOKED_AT = 20_000;

    private static final int MOST_OF_ONE = 2000;

    private static final String RECIPE = "recipe.yaml";

    /**
     * Those in a folder and in the folders in it, three deep; the newest first. Hidden folders and the insides of runs are not looked
     * into.
     */
    public static List<SavedModel> in(Path folder) {
        var found = new ArrayList<SavedModel>();
        int left = MOST_LOOKED_AT;
        List<Path> level = List.of(folder);
        for (int depth = 0; depth <= DEPTH; depth++) { // folders of images lie deeper than most runs
            var deeper = new ArrayList<Path>();
            for (Path one : level) {
                left -= left > 0 ? look(one, Math.min(left, MOST_OF_ONE), found, deeper) : 0;
            }
            level = deeper;
        }
        found.sort(Comparator.comparingLong(SavedModel::changed).reversed());
        return found;
    }

    /**
     * Looks at the entries of one folder.
     *
     * @param most that are looked at
     * @param deeper receives the folders that hold no model themselves
     * @return how many were looked at
     */
    private static int look(Path folder, int most, List<SavedModel> found, List<Path> deeper) {
        var inside = new ArrayList<Path>();
        int looked = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (looked++ >= most) {
                    break;
                }
                String name = String.valueOf(entry.getFileName());
                if (name.startsWith(".") || Files.isSymbolicLink(entry) && ClosedFolder.leadsOut(entry)) {
                    continue;
                }
                if (ModelFormat.isFile(entry)) {
                    found.add(of(entry, Kind.FILE));
                } else if (Files.isDirectory(entry)) {
                    inside.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return looked; // a folder that cannot be read holds no model for anybody
        }
        inside.sort(null);
        for (Path one : inside) {
            boolean run = Files.isRegularFile(one.resolve(RECIPE));
            if (ModelPackage.isAt(SavedNet.folder(one))) {
                found.add(of(one, run ? Kind.RUN : Kind.PACKAGE));
            } else if (!run) {
                deeper.add(one);
            }
        }
        return looked;
    }

    /** The one at {@code path}. */
    private static SavedModel of(Path path, Kind kind) {
        try {
            return new SavedModel(path, kind, Optional.of(SavedNet.config(path)), "", written(path));
        } catch (RuntimeException e) {
            return new SavedModel(
                    path, kind, Optional.empty(), Escaped.line(String.valueOf(e.getMessage())), written(path));
        }
    }

    private static long written(Path path) {
        Path model = SavedNet.folder(path);
        try {
            return Files.getLastModifiedTime(Files.isDirectory(model) ? model.resolve(ModelPackage.CONFIG) : model)
                    .toMillis();
        } catch (IOException e) {
            return 0;
        }
    }
}
