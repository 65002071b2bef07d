package dev.fovea.search;

import dev.fovea.report.Charts;
import dev.fovea.report.HtmlReport;
import dev.fovea.report.RunReport;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.report.RunReport.Tile;
import dev.fovea.run.Runs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A training within a time limit as a page: what was done and why, the candidates, how the trainings went. */
final class AutoPage {

    private List<List<String>> candidates = List.of();

    /** @param seconds that the last training is to have at least */
    void measured(List<Measured> measured, double seconds) {
        candidates = measured.stream()
                .map(one -> List.of(
                        one.name(),
                        one.candidate().recipe().model(),
                        one.candidate().weights().orElse("drawn by the seed"),
                        String.format(Locale.ROOT, "%.2f", one.epochSeconds()),
                        Integer.toString(
                                Math.min(one.epochs(seconds), one.candidate().mostEpochs())),
                        Integer.toString(one.candidate().leastEpochs())))
                .toList();
    }

    /**
     * Writes it.
     *
     * @param runs all trainings, in their order
     * @param best that of the model
     */
    void write(
            Path file, AutoTraining.Asked asked, List<String> story, List<Path> runs, Runs.Row best, double seconds) {
        var about = new LinkedHashMap<String, String>();
        about.put("data", asked.data().words());
        about.put(
                "time given",
                String.format(Locale.ROOT, "%.1f minutes", asked.time().toMillis() / 6e4));
        about.put("run of the model", best.run().toString());
        about.put("seed", Long.toString(asked.seed()));
        var tiles = List.of(
                new Tile("validation " + best.metric(), String.format(Locale.ROOT, "%.4f", best.best())),
                new Tile("network", best.model()),
                new Tile("minutes", String.format(Locale.ROOT, "%.1f", seconds / 60)));
        HtmlReport.write(
                file,
                new RunReport(
                        "Automatic training",
                        "what was done, and why",
                        about,
                        tiles,
                        story,
                        figures(runs, best),
                        tables(runs),
                        Map.of(),
                        ""));
    }

    private static List<Figure> figures(List<Path> runs, Runs.Row best) {
        if (runs.size() < 2) {
            return List.of();
        }
        Map<String, List<double[]>> curves =
                Runs.compare(runs).curves().getOrDefault("validation_" + best.metric(), Map.of());
        return curves.isEmpty()
                ? List.of()
                : List.of(new Figure(
                        "trainings",
                        "Trainings",
                        "The validation after each epoch of each training; shorter ones had faster schedules of the learning rate.",
                        Charts.lines("Validation " + best.metric(), "epoch", best.metric(), curves)));
    }

    private List<Table> tables(List<Path> runs) {
        var rows = new ArrayList<List<String>>();
        for (Path run : runs) {
            Runs.Row row = Runs.of(run);
            rows.add(List.of(
                    run.toString(),
                    row.model(),
                    Integer.toString(row.epochs()),
                    String.format(Locale.ROOT, "%.0f", row.seconds()),
                    String.format(Locale.ROOT, "%.4f", row.best()),
                    row.state()));
        }
        return List.of(
                new Table(
                        "Candidates",
                        List.of(
                                "name",
                                "network",
                                "first weights",
                                "seconds an epoch",
                                "epochs that fit",
                                "epochs needed"),
                        candidates),
                new Table(
                        "Trainings", List.of("run", "network", "epochs", "seconds", "best validation", "state"), rows));
    }
}
