package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.Data;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Workspace;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where the data lies that runs name: inside the workspace, or built in. */
public record RunPlaces(Workspace workspace) {

    /**
     * As {@link Data#open} takes it.
     *
     * @param name as the run was told, with the part behind a colon
     * @throws Refusal if it lies outside the workspace
     */
    public String of(String name) {
        String part = Data.partOf(name).map(own -> ":" + own).orElse("");
        String place = name.substring(0, name.length() - part.length());
        if (path(place).isAbsolute()) {
            Path inside = path(place).normalize();
            if (!inside.startsWith(workspace.root())) {
                throw outside(name);
            }
            return workspace.resolve(workspace.relative(inside)) + part;
        }
        Path inside = workspace.resolve(place);
        if (Files.exists(inside)) {
            return inside + part;
        }
        if (Files.exists(path(place))) { // from where the run was begun, not from the workspace on
            Path real = path(place).toAbsolutePath().normalize();
            if (!real.startsWith(workspace.root())) {
                throw outside(name);
            }
            return workspace.resolve(workspace.relative(real)) + part;
        }
        return name;
    }

    /** As addresses of the page name the data set; empty where it is none of the workspace. */
    String address(String name) {
        try {
            String place = of(Data.partOf(name)
                    .map(part -> name.substring(0, name.length() - part.length() - 1))
                    .orElse(name));
            return path(place).isAbsolute() ? workspace.relative(path(place)) : place;
        } catch (Refusal e) {
            return "";
        }
    }

    private static Path path(String place) {
        try {
            return Path.of(place);
        } catch (InvalidPathException e) {
            throw Refusal.wrong("'%s' cannot be a path here".formatted(place));
        }
    }

    private static Refusal outside(String name) {
        return Refusal.of(
                403,
                "outside",
                "the data of this run, %s, lies outside the workspace. Choose a data set of the workspace, or open the studio on a folder that holds both"
                        .formatted(name));
    }
}
