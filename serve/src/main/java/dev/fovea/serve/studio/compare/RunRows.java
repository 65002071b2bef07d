package dev.fovea.serve.studio.compare;

import dev.fovea.io.Escaped;
import dev.fovea.run.RunCosts;
import dev.fovea.run.RunIndex;
import dev.fovea.run.RunProgress;
import dev.fovea.run.Runs;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.RunFolders;
import dev.fovea.serve.studio.RunPlaces;
import dev.fovea.serve.studio.Studio;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The runs of a workspace, those that lie in it and those in its folder of runs, as the page shows them. */
public final class RunRows {

    /** Points of a curve that is shown as small as a word. */
    private static final int SPARKLINE = 40;

    private final Studio studio;
    private final RunIndex index;
    private final RunPlaces places;

    public RunRows(Studio studio) {
        this.studio = studio;
        index = studio.index();
        places = new RunPlaces(studio.workspace());
    }

    /** All of them, those begun last first. */
    public List<Map<String, Object>> all() {
        return rows().stream().map(this::view).toList();
    }

    private List<Runs.Row> rows() {
        return index.of(new RunFolders(studio.workspace()).all());
    }

    /** What all of them reached and what it costs, by their paths in the workspace. */
    Map<String, Map<String, Object>> costs() {
        var all = new LinkedHashMap<String, Map<String, Object>>();
        rows().forEach(row -> {
            var view = new LinkedHashMap<String, Object>();
            view.put("metrics", row.metrics());
            view.put("costs", costs(row));
            view.put("unmeasured", RunCosts.unmeasured(row.run()));
            all.put(studio.workspace().relative(row.run()), view);
        });
        return all;
    }

    /** Where runs lie, whether the folders are there or not. */
    Stream<Path> folders() {
        return new RunFolders(studio.workspace()).places().stream();
    }

    Runs.Row row(Path run) {
        return index.of(run);
    }

    /**
     * The folder of a run.
     *
     * @param path in the workspace
     * @throws Refusal if there is no run
     */
    Path run(String path) {
        Path run = studio.workspace().existing(path);
        if (!Runs.isRun(run)) {
            throw Refusal.notFound("%s: is no run (it has no recipe.yaml)".formatted(Escaped.line(path)));
        }
        return run;
    }

    /** One of them. */
    public Map<String, Object> view(Runs.Row row) {
        var view = new LinkedHashMap<String, Object>();
        view.put("run", studio.workspace().relative(row.run()));
        view.put("name", row.name());
        view.put("model", row.model());
        view.put("task", row.task());
        view.put("data", places.shown(row.data()));
        view.put("metric", row.metric());
        view.put("lessIsBetter", Runs.lessIsBetter(row.metric()));
        view.put("best", row.best());
        view.put("epochs", row.epochs());
        view.put("seconds", row.seconds());
        view.put("seed", row.seed());
        view.put("state", row.state());
        view.put("started", row.started());
        view.put("curve", shortened(row.curve()));
        view.put("note", row.notes().note());
        view.put("tags", row.notes().tags());
        view.put("problem", problem(row));
        if (row.state().equals("running")) {
            RunProgress.read(row.run()).ifPresent(at -> view.put("progress", at));
        }
        return view;
    }

    /** Without the places of files outside what the page shows. */
    private String problem(Runs.Row row) {
        return row.problem().replace(studio.workspace().root() + "/", "");
    }

    /** What it costs, by name, as far as it is known. */
    Map<String, Double> costs(Runs.Row row) {
        return RunCosts.of(row);
    }

    private static List<Double> shortened(List<Double> curve) {
        if (curve.size() <= SPARKLINE) {
            return curve;
        }
        var some = new ArrayList<Double>();
        for (int i = 0; i < SPARKLINE; i++) {
            some.add(curve.get((int) ((long) i * (curve.size() - 1) / (SPARKLINE - 1))));
        }
        return some;
    }
}
