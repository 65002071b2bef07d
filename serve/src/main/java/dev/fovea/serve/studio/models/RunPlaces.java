package dev.fovea.serve.studio.models;

import dev.fovea.data.Data;
import dev.fovea.data.Splits;
import dev.fovea.io.Escaped;
import dev.fovea.io.Records;
import dev.fovea.run.DataRequest;
import dev.fovea.run.RunData;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Where the data of runs lies: a run that was begun in the workspace names it from there. */
final class RunPlaces {

    private RunPlaces() {}

    /** The data of a run in its parts. */
    static Splits data(Workspace workspace, Path run) {
        return RunData.of(Tasks.ALL, run, asked -> placed(workspace.root(), asked))
                .data();
    }

    private static DataRequest placed(Path root, DataRequest asked) {
        return Records.with(
                asked,
                Map.of(
                        "data", placed(root, asked.data()),
                        "validation", placed(root, asked.validation()),
                        "extra", placed(root, asked.extra()),
                        "corrections", placed(root, asked.corrections())));
    }

    /**
     * A name such as {@code flowers} or {@code flowers:train}, or that of data that is built in.
     *
     * @throws Refusal if it lies outside the workspace
     */
    static String placed(Path root, String name) {
        if (name.isEmpty()) {
            return name;
        }
        try {
            String part = Data.partOf(name).map(own -> ":" + own).orElse("");
            String place = name.substring(0, name.length() - part.length());
            Path inside = root.resolve(place).normalize();
            boolean there = Files.exists(inside);
            Path found = there ? inside : Path.of(place).toAbsolutePath().normalize();
            if (Files.exists(found) && !found.toRealPath().startsWith(root)) {
                throw Refusal.of(
                        403,
                        "outside",
                        "the data of this run, %s, lies outside the workspace. Open the studio on a folder that holds both"
                                .formatted(Escaped.of(name)));
            }
            return Files.exists(found) ? found + part : name;
        } catch (InvalidPathException e) {
            return name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
