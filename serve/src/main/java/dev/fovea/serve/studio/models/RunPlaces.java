package dev.fovea.serve.studio.models;

import dev.fovea.data.Splits;
import dev.fovea.run.DataRequest;
import dev.fovea.run.RunData;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.Tasks;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where the data of runs lies: a run that was begun in the workspace names it from there. */
final class RunPlaces {

    private RunPlaces() {}

    /** The data of a run in its parts. */
    static Splits data(Workspace workspace, Path run) {
        return RunData.of(Tasks.ALL, run, asked -> placed(workspace.root(), asked))
                .data();
    }

    private static DataRequest placed(Path root, DataRequest asked) {
        return new DataRequest(
                placed(root, asked.data()),
                placed(root, asked.validation()),
                asked.format(),
                asked.skipBroken(),
                asked.only(),
                asked.perClass(),
                placed(root, asked.extra()),
                asked.imbalance(),
                asked.labelNoise(),
                asked.fold(),
                asked.batches());
    }

    /** A name such as {@code flowers} or {@code flowers:train}. */
    private static String placed(Path root, String name) {
        try {
            boolean inside = !name.isEmpty() && Files.exists(root.resolve(name.replaceFirst(":\\w+$", "")));
            return inside ? root.resolve(name).toString() : name;
        } catch (InvalidPathException e) {
            return name;
        }
    }
}
