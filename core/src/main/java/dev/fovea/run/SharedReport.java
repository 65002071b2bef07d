package dev.fovea.run;

import dev.fovea.io.Reason;
import dev.fovea.io.RegularFile;
import dev.fovea.report.Charts;
import dev.fovea.report.HtmlReport;
import dev.fovea.report.RunReport;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.report.RunReport.Tile;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reports to hand on: one HTML file with its images inside, in which no script runs and which asks for nothing from elsewhere,
 * whatever lies in the run folder.
 */
public final class SharedReport {

    /** First in the file, so that all behind it is bound by it. */
    private static final String BOUND = """
            <!DOCTYPE html>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            """;

    private static final Pattern TAG = Pattern.compile("<\\s*[/?]?\\s*([A-Za-z][^\\s/>]*)");

    private static final Set<String> TAGS = Set.of(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "main",
            "section",
            "div",
            "h1",
            "h2",
            "p",
            "dl",
            "dt",
            "dd",
            "ul",
            "li",
            "b",
            "strong",
            "span",
            "code",
            "pre",
            "figure",
            "figcaption",
            "img",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td");

    private static final Set<String> METAS = Set.of(
            "<meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
            BOUND.lines().skip(2).findFirst().orElseThrow());

    private SharedReport() {}

    /**
     * Of one run: the report that its training wrote, or what is known of a run that has none, or one that something else wrote.
     *
     * @throws IllegalArgumentException if it is no run
     */
    public static String of(Path run) {
        Path report = new RunFolder(Runs.checked(run)).report();
        if (!Files.isRegularFile(report)) {
            return BOUND + HtmlReport.render(known(run));
        }
        try {
            String page = RegularFile.text(report);
            return BOUND + (isOwn(page) ? page : HtmlReport.render(known(run)));
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(report, Reason.of(e)), e);
        }
    }

    /**
     * Whether a page has nothing but what reports have. A policy does not keep a page from sending its reader elsewhere, as by a
     * refresh.
     */
    private static boolean isOwn(String page) {
        Matcher tags = TAG.matcher(page);
        while (tags.find()) {
            if (!TAGS.contains(tags.group(1))
                    || tags.group(1).equals("meta") && !METAS.contains(meta(page, tags.start()))) {
                return false;
            }
        }
        return true;
    }

    private static String meta(String page, int from) {
        return page.substring(from, Math.max(from, page.indexOf('>', from) + 1));
    }

    /**
     * Of several runs side by side.
     *
     * @throws IllegalArgumentException if one is no run, or there are fewer than two
     */
    public static String of(List<Path> runs) {
        Runs.Compared compared = Runs.compare(runs);
        List<Runs.Row> rows = compared.runs();
        return BOUND
                + HtmlReport.render(new RunReport(
                        rows.size() + " runs compared",
                        String.join(", ", rows.stream().map(Runs.Row::name).toList()),
                        Map.of(),
                        List.of(),
                        remarks(rows),
                        figures(compared),
                        List.of(results(rows), differences(compared)),
                        Map.of(),
                        ""));
    }

    private static RunReport known(Path run) {
        Runs.Row row = Runs.of(run);
        var about = new LinkedHashMap<String, String>();
        about.put("Run", row.name());
        about.put("Data", row.data());
        about.put("Begun", row.started());
        about.put("State", row.state());
        about.put("Seed", Long.toString(row.seed()));
        about.values().removeIf(String::isEmpty);
        var figures = new ArrayList<Figure>();
        if (row.curve().size() > 1) {
            String metric = TaskReport.spoken(row.metric());
            figures.add(new Figure(
                    "curve",
                    metric,
                    "Epoch by epoch.",
                    Charts.curves(metric + " per epoch", metric, Map.of("validation", row.curve()))));
        }
        return new RunReport(
                TaskReport.title(row.model()),
                row.ended() ? "the report of its training is missing or was changed" : "has not come to its end",
                about,
                Double.isFinite(row.best())
                        ? List.of(new Tile("best " + TaskReport.spoken(row.metric()), TaskReport.written(row.best())))
                        : List.of(),
                remarks(List.of(row)),
                figures,
                List.of(),
                Map.of(),
                "");
    }

    private static List<String> remarks(List<Runs.Row> rows) {
        return rows.stream()
                .flatMap(row -> Stream.of(row.notes().note(), row.problem())
                        .filter(text -> !text.isEmpty())
                        .map(text -> row.name() + ": " + text))
                .toList();
    }

    private static List<Figure> figures(Runs.Compared compared) {
        var figures = new ArrayList<Figure>();
        compared.curves().forEach((metric, lines) -> {
            String name = TaskReport.spoken(metric);
            figures.add(new Figure(metric, name, "Epoch by epoch.", Charts.lines(name, "epoch", name, lines)));
        });
        return figures;
    }

    private static Table results(List<Runs.Row> rows) {
        return new Table(
                "Results",
                List.of("run", "model", "data", "metric", "best", "epochs", "seconds", "state", "tags"),
                rows.stream()
                        .map(row -> List.of(
                                row.name(),
                                row.model(),
                                row.data(),
                                TaskReport.spoken(row.metric()),
                                TaskReport.written(row.best()),
                                Integer.toString(row.epochs()),
                                String.format(Locale.ROOT, "%.0f", row.seconds()),
                                row.state(),
                                String.join(", ", row.notes().tags())))
                        .toList(),
                true);
    }

    private static Table differences(Runs.Compared compared) {
        var head = new ArrayList<>(List.of("setting"));
        compared.runs().forEach(row -> head.add(row.name()));
        var lines = new ArrayList<List<String>>();
        compared.differences().forEach((key, values) -> {
            var line = new ArrayList<>(List.of(key));
            line.addAll(values);
            lines.add(line);
        });
        return new Table(
                lines.isEmpty() ? "The settings are the same" : "Settings that differ",
                lines.isEmpty() ? List.of() : head,
                lines,
                true);
    }
}
