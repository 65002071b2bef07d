package dev.fovea.serve.studio.compare;

import dev.fovea.run.RunNotes;
import dev.fovea.run.RunTrash;
import dev.fovea.run.SharedReport;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Reply;
import dev.fovea.serve.studio.Studio;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What people do with runs as a whole: write about them, remove them and bring them back, hand reports on. */
public final class RunRoutes {

    private final Studio studio;
    private final RunRows rows;

    public RunRoutes(Studio studio, RunRows rows) {
        this.studio = studio;
        this.rows = rows;
    }

    public List<Route> routes() {
        return List.of(
                Answers.get("/api/runs", "All runs, those begun last first", call -> Map.of("runs", rows.all())),
                Answers.post("/api/run/notes", "Writes a note or tags of a run", this::write),
                Answers.delete("/api/run", "Removes a run so that it can be brought back", this::remove)
                        .with("run", "its path in the workspace"),
                Answers.get("/api/trash", "Removed runs that can be brought back", this::trash),
                Answers.post("/api/trash/restore", "Brings a removed run back", this::restore),
                Answers.delete("/api/trash", "Removes for good what was removed", this::empty),
                Answers.get("/api/download/report", "The report of a run as one file", this::report)
                        .giving("text/html")
                        .with("run", "its path in the workspace; several times for a comparison"));
    }

    /** What a body does not have stays as it is; one after the other, so that none is lost. */
    private synchronized Object write(Call call, ObjectNode body) {
        studio.workspace().checkWritable();
        Path run = rows.run(body.path("run").asString(""));
        RunNotes notes = RunNotes.read(run);
        if (body.has("note")) {
            notes = notes.withNote(body.path("note").asString(""));
        }
        if (body.has("tags")) {
            notes = notes.withTags(texts(body, "tags"));
        }
        notes.write(run);
        return rows.view(rows.row(run));
    }

    private Object remove(Call call) {
        studio.workspace().checkWritable();
        Path run = rows.run(call.query("run").orElse(""));
        if (rows.folders().noneMatch(run.getParent()::equals)) {
            throw Refusal.wrong("%s: lies deeper than the runs that can be brought back. Remove its folder by hand"
                    .formatted(studio.workspace().relative(run)));
        }
        var trash = RunTrash.beside(run);
        var removed = new LinkedHashMap<String, Object>();
        removed.put("id", trash.put(run));
        removed.put("folder", folder(trash));
        return removed;
    }

    private Object trash(Call call) {
        var entries = new ArrayList<Map<String, Object>>();
        rows.folders()
                .map(RunTrash::new)
                .forEach(trash -> trash.entries().forEach(entry -> {
                    var view = new LinkedHashMap<String, Object>();
                    view.put("id", entry.id());
                    view.put("folder", folder(trash));
                    view.put("name", entry.name());
                    view.put("removed", entry.removed().toString());
                    view.put("bytes", entry.bytes());
                    entries.add(view);
                }));
        return Map.of("runs", entries);
    }

    private Object restore(Call call, ObjectNode body) {
        studio.workspace().checkWritable();
        String named = body.path("folder").asString("");
        RunTrash trash = rows.folders()
                .map(RunTrash::new)
                .filter(one -> folder(one).equals(named))
                .findFirst()
                .orElseThrow(() -> Refusal.wrong("folder: expected runs, or nothing for the workspace itself"));
        Path run = trash.restore(body.path("id").asString(""));
        return rows.view(rows.row(run));
    }

    private Object empty(Call call) {
        studio.workspace().checkWritable();
        return Map.of(
                "removed",
                rows.folders()
                        .flatMap(folder -> new RunTrash(folder).empty(Duration.ZERO).stream())
                        .toList());
    }

    private String folder(RunTrash trash) {
        return studio.workspace().relative(trash.runs());
    }

    private Object report(Call call) {
        List<Path> runs = few(call.queries("run")).map(rows::run).toList();
        if (runs.isEmpty()) {
            throw Refusal.wrong("run: name a run, or several to compare them");
        }
        String page = runs.size() == 1 ? SharedReport.of(runs.get(0)) : SharedReport.of(runs);
        String name = runs.stream()
                        .map(run -> String.valueOf(run.getFileName()))
                        .limit(4)
                        .collect(Collectors.joining("-"))
                + ".html";
        return Reply.download(page.getBytes(StandardCharsets.UTF_8), "text/html; charset=utf-8", name);
    }

    /**
     * Each once.
     *
     * @throws Refusal if there are more than are worked on at once
     */
    static Stream<String> few(List<String> runs) {
        if (runs.size() > CompareRoutes.MOST) {
            throw Refusal.wrong("runs: expected at most %s at once, got %s".formatted(CompareRoutes.MOST, runs.size()));
        }
        return runs.stream().distinct();
    }

    /** A list of texts in a body. */
    static List<String> texts(ObjectNode body, String name) {
        JsonNode node = body.path(name);
        if (!node.isArray() || node.valueStream().anyMatch(one -> !one.isString())) {
            throw Refusal.wrong("%s: expected a list of texts".formatted(name));
        }
        return node.valueStream().map(JsonNode::asString).toList();
    }
}
