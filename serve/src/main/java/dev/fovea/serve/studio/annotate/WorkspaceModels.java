package dev.fovea.serve.studio.annotate;

import dev.fovea.run.SavedModel;
import dev.fovea.serve.studio.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The runs and packages of a workspace that can do something. */
final class WorkspaceModels {

    private WorkspaceModels() {}

    /** Those that {@code able} takes, the newest first; one that cannot be read is none. */
    static List<Path> of(Workspace workspace, Predicate<Path> able) {
        return SavedModel.in(workspace.root()).stream()
                .filter(model ->
                        model.kind() != SavedModel.Kind.FILE && model.config().isPresent())
                .map(SavedModel::path)
                .filter(path -> isAble(path, able))
                .toList();
    }

    private static boolean isAble(Path model, Predicate<Path> able) {
        try {
            return able.test(model);
        } catch (IllegalArgumentException e) {
            return false; // of a task of a newer version
        }
    }
}
