package dev.fovea.serve.studio.data;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.data.DataFolder;
import dev.fovea.data.DataSets;
import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Studio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where data is in the workspace: the sets that were found, and the folders to walk through. */
final class FolderRoutes {

    /** Entries of a folder that are shown at once: a look into each of them takes time. */
    private static final int PAGE = 100;

    private final Studio studio;
    private final FoundData found;

    FolderRoutes(Studio studio) {
        this.studio = studio;
        found = new FoundData(studio.workspace());
    }

    List<Route> routes() {
        return List.of(
                Answers.get("/api/data", "The data sets of the workspace", call -> list()),
                Answers.get("/api/data/folder", "What lies in a folder of the workspace", this::folder)
                        .with("path", "of the folder, from the workspace on; the workspace itself where it is left out")
                        .with("from", "the first entry that is told of, from 0; at most 100 are"));
    }

    private Map<String, Object> list() {
        var rows = new ArrayList<Map<String, Object>>();
        for (DataSets.Found one : found.sets()) {
            rows.add(row(one));
        }
        var builtIn = new ArrayList<Map<String, Object>>();
        for (String name : DataSets.named()) {
            builtIn.add(Map.of("path", name));
        }
        return Map.of("sets", rows, "builtIn", builtIn);
    }

    private Map<String, Object> row(DataSets.Found one) {
        var row = new LinkedHashMap<String, Object>();
        row.put("path", found.shown(one.path()));
        row.put("kind", one.kind());
        row.put("classes", one.classes());
        row.put("images", one.images());
        row.put("corrected", corrected(one.path()));
        try {
            row.put("changed", Files.getLastModifiedTime(one.path()).toString());
        } catch (IOException e) {
            row.put("changed", ""); // it has just gone
        }
        return row;
    }

    private boolean corrected(Path data) {
        return Files.exists(Opened.listOf(studio.workspace().root(), data))
                || Files.exists(AnnotationCorrections.file(data));
    }

    private Object folder(Call call) {
        Path place = place(call.query("path").orElse("."));
        int from = DataRoutes.number(call, "from", 0, Integer.MAX_VALUE);
        DataFolder inside = DataFolder.of(place, found::leadsOut);
        List<Path> all = Stream.concat(inside.folders().stream(), inside.files().stream())
                .toList();
        var view = new LinkedHashMap<String, Object>();
        view.put("path", found.shown(place));
        view.put("parents", parents(place));
        view.put("here", view(DataFolder.entry(place, found::leadsOut)));
        view.put("images", inside.images());
        view.put("others", inside.others());
        view.put("passed", inside.passed());
        view.put("cut", inside.cut());
        view.put("from", from);
        view.put("total", all.size());
        view.put(
                "entries",
                all.stream()
                        .skip(from)
                        .limit(PAGE)
                        .map(path -> view(DataFolder.entry(path, found::leadsOut)))
                        .toList());
        return view;
    }

    /** @throws Refusal if it is no folder of the workspace, or a hidden one */
    private Path place(String path) {
        if (path.isEmpty() || path.equals(".")) {
            return studio.workspace().root();
        }
        Path place = studio.workspace().existing(path);
        if (Stream.of(path.split("/")).anyMatch(name -> name.startsWith("."))) {
            throw Refusal.notFound("'%s': hidden folders are not shown".formatted(Escaped.of(path)));
        }
        if (!Files.isDirectory(place)) {
            throw Refusal.wrong("'%s': a file, expected a folder. Open it as data".formatted(Escaped.of(path)));
        }
        return place;
    }

    /** The folders on the way, the workspace first, this one last. */
    private List<Map<String, String>> parents(Path place) {
        var parents = new ArrayList<Map<String, String>>();
        for (Path at = place; at.startsWith(studio.workspace().root()); at = at.getParent()) {
            parents.add(0, Map.of("path", found.shown(at), "name", name(at)));
            if (at.equals(studio.workspace().root())) {
                break;
            }
        }
        return parents;
    }

    private String name(Path place) {
        return place.equals(studio.workspace().root())
                ? studio.workspace().name()
                : place.getFileName().toString();
    }

    private Map<String, Object> view(DataFolder.Entry entry) {
        var view = new LinkedHashMap<String, Object>();
        view.put("path", found.shown(entry.path()));
        view.put("name", name(entry.path()));
        view.put("folder", Files.isDirectory(entry.path()));
        view.put("kind", entry.kind());
        view.put("classes", entry.classes());
        view.put("images", entry.images());
        view.put("folders", entry.folders());
        view.put("corrected", corrected(entry.path()));
        return view;
    }
}
