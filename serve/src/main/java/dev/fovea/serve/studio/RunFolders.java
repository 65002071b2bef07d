package dev.fovea.serve.studio;

import dev.fovea.io.ClosedFolder;
import dev.fovea.run.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The run folders of a workspace: those in its folder of runs, and those that lie in it; none that a link leads to elsewhere. */
public record RunFolders(Workspace workspace) {

    /** Where runs lie, whether the folders are there or not. */
    public List<Path> places() {
        return List.of(workspace.runs(), workspace.root());
    }

    public List<Path> all() {
        return places().stream()
                .flatMap(RunFolders::in)
                .filter(RunFolders::isOwn)
                .toList();
    }

    /** Whether it is a run, and lies in the workspace wherever links lead. */
    static boolean isOwn(Path folder) {
        return Runs.isRun(folder) && !ClosedFolder.leadsOut(folder);
    }

    /** Of a folder that is not there, or may not be read, nothing. */
    private static Stream<Path> in(Path place) {
        if (!Files.isDirectory(place)) {
            return Stream.empty();
        }
        try (var inside = Files.list(place)) {
            return inside.toList().stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.empty();
        }
    }
}
