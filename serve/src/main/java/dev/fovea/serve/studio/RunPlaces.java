package dev.fovea.serve.studio;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.data.Data;
import dev.fovea.io.Escaped;
import dev.fovea.run.DataRequest;
import dev.fovea.run.PublishedModel;
import dev.fovea.serve.http.Refusal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the data and weights named by runs and by the page lie: inside the workspace, or built in. Nothing else is opened, wherever
 * the studio was started.
 */
public record RunPlaces(Workspace workspace) {

    /** A name split into what comes before its part, and the part with its colon. */
    private record Named(String place, String part) {}

    /**
     * Data that a run names, as {@link Data#open} takes it.
     *
     * @param name as the run records it, with the part behind a colon
     * @throws Refusal if it lies outside the workspace
     */
    public String of(String name) {
        Named named = named(name, true);
        Optional<Path> there = there(name, named).filter(Files::exists);
        there.ifPresent(this::checkSafe);
        return spec(name, named);
    }

    /** Where it lies, whether anything is there or not; none of what is built in. */
    private Optional<Path> there(String name, Named named) {
        Path path = path(named.place());
        Optional<Path> inside = inside(workspace.root().resolve(path));
        if (inside.filter(Files::exists).isEmpty() && !path.isAbsolute() && Files.exists(path)) {
            // relative to where the run was started, not to the workspace
            return Optional.of(inside(path.toAbsolutePath()).orElseThrow(() -> outside(name)));
        }
        if (inside.filter(Files::exists).isPresent() || !Data.isNamed(named.place())) {
            return Optional.of(inside.orElseThrow(() -> outside(name)));
        }
        return Optional.empty();
    }

    private String spec(String name, Named named) {
        return there(name, named).map(there -> there + named.part()).orElse(name);
    }

    /**
     * All data that a run names.
     *
     * @throws Refusal if its images lie outside the workspace, or are no longer there
     */
    public DataRequest of(DataRequest recorded) {
        String name = recorded.data();
        Optional<Path> place = there(name, named(name, true));
        if (place.isPresent() && !Files.exists(place.get())) {
            throw Refusal.notFound(
                    "the images of this run, '%s', are no longer there. Put them back, or choose other data"
                            .formatted(Escaped.of(shown(place.get().toString()))));
        }
        return recorded.moved(this::of);
    }

    /**
     * Data that the page names, as {@link Data#open} takes it.
     *
     * @param name a path in the workspace, {@code .} for all of it, or where nothing lies there the name of built-in data; with a
     *     part behind a colon
     * @throws Refusal if it is neither
     */
    public String data(String name) {
        Named named = named(name, false);
        Optional<Path> inside = inside(workspace.root().resolve(path(named.place())));
        if (inside.filter(Files::exists).isPresent()) {
            checkSafe(inside.get());
            return inside.get() + named.part();
        }
        checkBuiltIn(named.place());
        return name;
    }

    private void checkBuiltIn(String name) {
        if (!Data.isNamed(name)) {
            throw nothing(name);
        }
        if (Files.exists(path(name))) { // would be opened in its place
            throw Refusal.of(
                    409,
                    "shadowed",
                    "'%s' is built-in data, but something of that name lies in the folder that the studio was started in, outside the workspace. Start it in another folder"
                            .formatted(name));
        }
    }

    /**
     * Weights that the page names.
     *
     * @param weights the name of published weights of {@code model}; a file or run of the workspace; or empty
     * @return the name or the path as it is
     * @throws Refusal if they are neither
     */
    public String weights(String model, String weights) {
        return weights.isEmpty() || PublishedModel.isPublished(model, weights)
                ? weights
                : file(weights).toString();
    }

    /**
     * A file or folder of the workspace.
     *
     * @param name its path in the workspace, or its whole path
     * @throws Refusal if there is none, or it lies outside
     */
    public Path file(String name) {
        return inside(workspace.root().resolve(path(name)))
                .filter(Files::exists)
                .orElseThrow(() -> nothing(name));
    }

    /** The name of the data set in addresses of the page; empty where it is not in the workspace. */
    public String address(String name) {
        try {
            Named named = named(name, true);
            String place = spec(named.place(), new Named(named.place(), ""));
            return path(place).isAbsolute() ? shown(place) : place;
        } catch (Refusal e) {
            return "";
        }
    }

    /** An absolute path as the page and command lines call it, relative to the workspace; other names as they are. */
    public String shown(String place) {
        try {
            Path path = Path.of(place).normalize();
            if (!path.isAbsolute() || !path.startsWith(workspace.root())) {
                return place;
            }
            String relative = workspace.relative(path);
            return relative.isEmpty() ? "." : relative;
        } catch (InvalidPathException e) {
            return place; // what a damaged run says
        }
    }

    private Named named(String name, boolean recorded) {
        Optional<Path> whole = inside(workspace.root().resolve(path(name)), recorded);
        String part = whole.filter(Files::exists).isPresent()
                ? ""
                : Data.partOf(name).map(own -> ":" + own).orElse("");
        return new Named(name.substring(0, name.length() - part.length()), part);
    }

    private Optional<Path> inside(Path path, boolean recorded) {
        try {
            return inside(path);
        } catch (Refusal e) {
            if (recorded) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** None for what lies outside. */
    private Optional<Path> inside(Path path) {
        Path plain = path.normalize();
        if (plain.equals(workspace.root())) {
            return Optional.of(plain);
        }
        return plain.startsWith(workspace.root())
                ? Optional.of(workspace.resolve(workspace.relative(plain)))
                : Optional.empty();
    }

    /** A file of corrected objects names the data that it is of; links and lists can name files that lie anywhere. */
    private void checkSafe(Path inside) {
        if (AnnotationCorrections.named(inside) && Files.isRegularFile(inside)) {
            Path named = AnnotationCorrections.corrected(inside);
            Path data = inside(named).orElseThrow(() -> outside(named.toString()));
            if (!Files.exists(data)) {
                checkBuiltIn(inside.getParent().relativize(data).toString());
            }
        }
        workspace.checkData(inside);
    }

    private static Path path(String place) {
        try {
            return Path.of(place);
        } catch (InvalidPathException e) {
            throw Refusal.wrong("'%s' cannot be a path here".formatted(Escaped.of(place)));
        }
    }

    /** With the nearest name, if it is a path of the workspace at all. */
    private Refusal nothing(String name) {
        try {
            workspace.existing(name);
        } catch (Refusal e) {
            return e;
        }
        return Refusal.notFound("there is nothing called '%s' in the workspace".formatted(Escaped.of(name)));
    }

    private static Refusal outside(String name) {
        return Refusal.of(
                403,
                "outside",
                "the data of this run, %s, lies outside the workspace. Choose a data set of the workspace, or open the studio on a folder that holds both"
                        .formatted(Escaped.of(name)));
    }
}
