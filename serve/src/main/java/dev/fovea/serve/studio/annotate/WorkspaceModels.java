package dev.fovea.serve.studio.annotate;

import dev.fovea.run.Runs;
import dev.fovea.serve.studio.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The runs and packages of a workspace that can do something. */
final class WorkspaceModels {

    private WorkspaceModels() {}

    /** Those that {@code able} takes, the latest first; one that cannot be read is none. */
    static List<Path> of(Workspace workspace, Predicate<Path> able) throws IOException {
        var models = new ArrayList<Path>();
        for (Path folder : List.of(workspace.runs(), workspace.root())) {
            for (Path one : folders(folder)) {
                if (holdsModel(one) && isAble(one, able)) {
                    models.add(one);
                }
            }
        }
        return models;
    }

    private static List<Path> folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static boolean holdsModel(Path folder) {
        return Files.exists(folder.resolve("config.json"))
                || Runs.isRun(folder) && Files.exists(folder.resolve("model/config.json"));
    }

    private static boolean isAble(Path model, Predicate<Path> able) {
        try {
            return able.test(model);
        } catch (IllegalArgumentException e) {
            return false; // damaged, or of a newer version
        }
    }
}
