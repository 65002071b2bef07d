package dev.fovea.serve.studio;

import dev.fovea.run.Runs;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the first view shows: the workspace and what was done in it last. */
final class HomeRoutes {

    private static final int RECENT = 5;

    private final Studio studio;

    HomeRoutes(Studio studio) {
        this.studio = studio;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/workspace", "The workspace", call -> call.json(workspace())),
                Answers.get("/api/home", "What was done last", this::home));
    }

    private Map<String, Object> workspace() {
        Workspace workspace = studio.workspace();
        var view = new LinkedHashMap<String, Object>();
        view.put("name", workspace.name());
        view.put("path", workspace.root().toString());
        view.put("writable", workspace.writable());
        view.put("version", studio.settings().version());
        return view;
    }

    private Object home(Call call) {
        List<Runs.Row> rows = studio.index().of(new RunFolders(studio.workspace()).all());
        return Map.of("runs", rows.stream().limit(RECENT).map(this::row).toList(), "count", rows.size());
    }

    private Map<String, Object> row(Runs.Row row) {
        var view = new LinkedHashMap<String, Object>();
        view.put("run", studio.workspace().relative(row.run()));
        view.put("name", row.name());
        view.put("model", row.model());
        view.put("data", row.data());
        view.put("metric", row.metric());
        view.put("best", row.best());
        view.put("epochs", row.epochs());
        view.put("state", row.state());
        view.put("started", row.started());
        return view;
    }
}
