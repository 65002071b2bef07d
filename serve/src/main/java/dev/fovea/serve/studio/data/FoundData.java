package dev.fovea.serve.studio.data;

import dev.fovea.data.DataSets;
import dev.fovea.serve.studio.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Data sets that lie in a workspace; none of them is opened. */
public record FoundData(Workspace workspace) {

    /** All of them, but what a link outside leads to. */
    public List<DataSets.Found> sets() {
        return DataSets.below(workspace.root(), path -> path.equals(workspace.runs()) || leadsOut(path));
    }

    boolean leadsOut(Path path) {
        return Files.isSymbolicLink(path) && !workspace.holds(path);
    }

    /** The path of data in addresses: {@code .} for all of the workspace. */
    public String shown(Path inside) {
        String path = workspace.relative(inside);
        return path.isEmpty() ? "." : path;
    }
}
