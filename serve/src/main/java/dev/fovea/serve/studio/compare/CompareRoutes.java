package dev.fovea.serve.studio.compare;

import dev.fovea.run.RunCosts;
import dev.fovea.run.Runs;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Studio;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Several runs side by side: what differs, their curves, what they reached and what that costs. */
public final class CompareRoutes {

    /** More can neither be told apart by colour nor be read. */
    static final int MOST = 20;

    /** A setting and its value in each run. */
    private record Difference(String key, List<String> values) {}

    private final Studio studio;
    private final RunRows rows;
    private final ItemRoutes items;

    public CompareRoutes(Studio studio) {
        this.studio = studio;
        rows = new RunRows(studio);
        items = new ItemRoutes(studio, this::runs);
    }

    public List<Route> routes() {
        var routes = new ArrayList<>(new RunRoutes(studio, rows).routes());
        routes.add(Answers.get("/api/compare", "Runs side by side", this::compare)
                .with("run", "path of a run in the workspace, given two or more times"));
        routes.add(Answers.get(
                "/api/runs/costs", "What all runs reached, and what it costs", call -> Map.of("runs", rows.costs())));
        routes.add(Answers.post("/api/compare/costs", "Counts and times the models of runs, a job", this::measure));
        routes.addAll(items.routes());
        return routes;
    }

    /** The runs that are named. */
    private List<Path> runs(List<String> paths) {
        List<Path> runs = paths.stream().distinct().map(rows::run).toList();
        if (runs.size() < 2 || runs.size() > MOST) {
            throw Refusal.wrong("run: expected two to %s different runs, got %s".formatted(MOST, runs.size()));
        }
        return runs;
    }

    private Object compare(Call call) {
        List<Path> runs = runs(call.queries("run"));
        Runs.Compared compared = Runs.compare(runs);
        var view = new LinkedHashMap<String, Object>();
        view.put("runs", compared.runs().stream().map(rows::view).toList());
        view.put(
                "differences",
                compared.differences().entrySet().stream()
                        .map(entry -> new Difference(entry.getKey(), entry.getValue()))
                        .toList());
        view.put("curves", curves(runs));
        List<Map<String, Double>> metrics =
                compared.runs().stream().map(Runs.Row::metrics).toList();
        view.put("metrics", metrics);
        view.put(
                "less",
                metrics.stream()
                        .flatMap(one -> one.keySet().stream())
                        .distinct()
                        .filter(Runs::lessIsBetter)
                        .toList());
        view.put("costs", compared.runs().stream().map(rows::costs).toList());
        view.put("unmeasured", runs.stream().map(RunCosts::unmeasured).toList());
        return view;
    }

    /** Each metric with, for each run, its points: epoch, seconds of training until then, value. */
    private static List<Map<String, Object>> curves(List<Path> runs) {
        List<List<Map<String, Double>>> histories =
                runs.stream().map(Runs::epochs).toList();
        var names = new LinkedHashSet<String>();
        histories.forEach(history -> history.forEach(row -> names.addAll(row.keySet())));
        names.removeAll(List.of("epoch", "seconds"));
        var curves = new ArrayList<Map<String, Object>>();
        for (String name : names) {
            curves.add(Map.of(
                    "name",
                    name,
                    "lessIsBetter",
                    Runs.lessIsBetter(name),
                    "points",
                    histories.stream().map(history -> points(history, name)).toList()));
        }
        return curves;
    }

    private static List<double[]> points(List<Map<String, Double>> history, String name) {
        var points = new ArrayList<double[]>();
        double seconds = 0;
        for (Map<String, Double> row : history) {
            seconds += row.getOrDefault("seconds", 0.0);
            double value = row.getOrDefault(name, Double.NaN);
            if (Double.isFinite(value)) {
                points.add(new double[] {row.getOrDefault("epoch", 0.0), seconds, value});
            }
        }
        return points;
    }

    private Object measure(Call call, ObjectNode body) {
        studio.workspace().checkWritable();
        List<Path> runs =
                RunRoutes.few(RunRoutes.texts(body, "runs")).map(rows::run).toList();
        if (rows.all().stream().anyMatch(row -> "running".equals(row.get("state")))) {
            throw Refusal.of(
                    409,
                    "busy",
                    "a run is being trained, which would be measured with the models. Measure them when it has ended");
        }
        return studio.jobs().start("measure", String.valueOf(runs.size()), job -> {
            int done = 0;
            for (Path run : runs) {
                job.checkStopped();
                job.progress(done++, runs.size());
                if (RunCosts.unmeasured(run)) {
                    RunCosts.measure(Tasks.ALL, run);
                }
            }
            job.progress(done, runs.size());
            return runs.stream().map(run -> rows.costs(rows.row(run))).toList();
        });
    }
}
