package dev.fovea.serve.studio.train;

import dev.fovea.run.Runs;
import dev.fovea.serve.studio.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The run folders of a workspace: those that lie in it, and those in its folder of runs. */
record RunFolders(Workspace workspace) {

    List<Path> all() {
        var all = new ArrayList<Path>();
        for (Path folder : List.of(workspace.runs(), workspace.root())) {
            if (Files.isDirectory(folder)) {
                try (var inside = Files.list(folder)) {
                    inside.filter(Runs::isRun).forEach(all::add);
                } catch (IOException | UncheckedIOException e) {
                    // a folder that may not be read holds no runs for the page
                }
            }
        }
        return all;
    }
}
