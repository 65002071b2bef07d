package dev.fovea.search;

import dev.fovea.report.Bars;
import dev.fovea.report.Charts;
import dev.fovea.report.HtmlReport;
import dev.fovea.report.ParallelCoordinates;
import dev.fovea.report.RunReport;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.report.RunReport.Tile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A search as a page: all trials, the importance of settings, how the best trial was found. */
final class SearchPage {

    private final Space space;
    private final Halving halving;
    private final TrialTable table;
    private final List<Trial> sorted;

    SearchPage(Space space, Halving halving, TrialTable table) {
        this.space = space;
        this.halving = halving;
        this.table = table;
        sorted = table.trials().stream()
                .sorted(Comparator.comparingInt(Trial::rungs)
                        .reversed()
                        .thenComparing(Comparator.comparingDouble(Trial::last).reversed())
                        .thenComparing(Trial::number))
                .toList();
    }

    /** @param about the search, by what is said first */
    void write(Path file, Map<String, String> about) {
        HtmlReport.write(
                file,
                new RunReport(
                        "Search",
                        "which settings learn best",
                        about,
                        tiles(),
                        remarks(),
                        figures(),
                        tables(),
                        Map.of(),
                        ""));
    }

    private List<Figure> figures() {
        List<Trial> scored = sorted.stream().filter(trial -> trial.rungs() > 0).toList();
        var figures = new ArrayList<Figure>();
        if (scored.isEmpty()) {
            return figures;
        }
        figures.add(new Figure(
                "trials",
                "Trials",
                "Each line is a trial, the darker the better after %s; the thick one is the best of the search."
                        .formatted(epochs(0)),
                coordinates(scored)));
        Map<String, Double> importance = Importance.of(space, table.trials());
        if (!importance.isEmpty()) {
            figures.add(new Figure(
                    "importance",
                    "Importance",
                    "Share of the variance of the trials' ranks after %s that a setting explains alone, corrected for chance. As good values are tried together, shares can add up to more than 100 %%."
                            .formatted(epochs(0)),
                    Bars.draw("Importance of the settings", importance)));
        }
        figures.add(new Figure(
                "progress",
                "Progress",
                "Each point is a trial at the end of a rung; only the best third of a rung goes on to the next.",
                Charts.scatter("Validation " + table.metric(), "trial", table.metric(), progress())));
        return figures;
    }

    private String epochs(int rung) {
        int epochs = halving.epochs().get(rung);
        return epochs == 1 ? "1 epoch" : epochs + " epochs";
    }

    private List<Tile> tiles() {
        var tiles = new ArrayList<Tile>();
        tiles.add(new Tile("trials", Integer.toString(sorted.size())));
        halving.best(table.trials()).ifPresent(best -> {
            tiles.add(new Tile("best " + table.metric(), number(best.score(best.rungs() - 1))));
            tiles.add(new Tile("best trial", Integer.toString(best.number())));
        });
        tiles.add(new Tile("minutes", String.format(Locale.ROOT, "%.1f", table.seconds() / 60)));
        return tiles;
    }

    private List<String> remarks() {
        var remarks = new ArrayList<String>();
        long failed = sorted.stream().filter(Trial::hasFailed).count();
        if (failed > 0) {
            remarks.add(
                    failed == 1
                            ? "One trial failed; the table says why."
                            : failed + " trials failed; the table says why.");
        }
        if (sorted.size() < Importance.FEWEST) {
            remarks.add("With fewer than %s trials nothing can be said about which setting is important."
                    .formatted(Importance.FEWEST));
        }
        return remarks;
    }

    private List<Table> tables() {
        var head = new ArrayList<String>(List.of("trial"));
        IntStream.range(0, halving.epochs().size()).forEach(rung -> head.add("after " + epochs(rung)));
        space.settings().forEach(setting -> head.add(setting.key()));
        head.add("seconds");
        return List.of(new Table(
                "All trials, the best first",
                head,
                sorted.stream().map(this::row).toList()));
    }

    private List<String> row(Trial trial) {
        var row = new ArrayList<String>(List.of(Integer.toString(trial.number())));
        for (int rung = 0; rung < halving.epochs().size(); rung++) {
            row.add(rung < trial.rungs() ? number(trial.score(rung)) : rung == trial.rungs() ? trial.failed() : "");
        }
        space.settings().forEach(setting -> row.add(Space.shown(trial.values().get(setting.key()))));
        row.add(String.format(Locale.ROOT, "%.0f", trial.seconds()));
        return row;
    }

    private String number(double score) {
        return Double.isFinite(score) ? String.format(Locale.ROOT, "%.4f", table.value(score)) : "none";
    }

    private Map<String, List<double[]>> progress() {
        var kinds = new LinkedHashMap<String, List<double[]>>();
        for (int rung = 0; rung < halving.epochs().size(); rung++) {
            int at = rung;
            List<double[]> points = table.trials().stream()
                    .filter(trial -> trial.rungs() > at && Double.isFinite(trial.score(at)))
                    .map(trial -> new double[] {trial.number(), table.value(trial.score(at))})
                    .toList();
            if (!points.isEmpty()) {
                kinds.put("after " + epochs(rung), points);
            }
        }
        return kinds;
    }

    private BufferedImage coordinates(List<Trial> scored) {
        double low = scored.stream()
                .mapToDouble(t -> t.score(0))
                .filter(Double::isFinite)
                .min()
                .orElse(0);
        double high = scored.stream()
                .mapToDouble(t -> t.score(0))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        var axes = new ArrayList<ParallelCoordinates.Axis>();
        for (Setting setting : space.settings()) {
            List<String> ends = setting.ends();
            axes.add(new ParallelCoordinates.Axis(
                    setting.key(),
                    ends.stream().map(Space::shown).toList(),
                    ends.stream().map(setting::place).toList()));
        }
        axes.add(new ParallelCoordinates.Axis(table.metric(), List.of(number(low), number(high)), List.of(0.0, 1.0)));
        Trial best = halving.best(table.trials()).orElse(scored.get(0));
        List<Trial> worstFirst = scored.stream()
                .sorted(Comparator.comparing((Trial trial) -> trial.number() == best.number())
                        .thenComparingDouble(trial -> trial.score(0)))
                .toList();
        var lines = new ArrayList<ParallelCoordinates.Line>();
        for (int i = 0; i < worstFirst.size(); i++) {
            Trial trial = worstFirst.get(i);
            double share = high > low ? Math.max(0, (trial.score(0) - low) / (high - low)) : 1;
            var places = new ArrayList<Double>();
            space.settings()
                    .forEach(setting -> places.add(setting.place(trial.values().get(setting.key()))));
            places.add(share);
            double rank = (i + 1.0) / worstFirst.size();
            lines.add(new ParallelCoordinates.Line(places, trial.number() == best.number() ? 1 : 0.9 * rank * rank));
        }
        return ParallelCoordinates.draw("Trials after " + epochs(0), axes, lines);
    }
}
