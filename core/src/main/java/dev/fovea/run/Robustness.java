package dev.fovea.run;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Corrupt;
import dev.fovea.data.Corruption;
import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.report.Charts;
import dev.fovea.report.HtmlReport;
import dev.fovea.report.RunReport;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Robustness of a classifier to common corruptions: its error, a share from 0 to 1, under each {@link Corruption} at each
 * severity.
 *
 * @param clean error on clean images
 * @param rows one for each corruption
 * @param shown one of the images under each corruption at each severity
 */
public record Robustness(double clean, List<Row> rows, BufferedImage shown) {

    /** The errors under one corruption, by severity from 1 on. */
    public record Row(Corruption kind, List<Double> errors) {
        public Row {
            errors = List.copyOf(errors);
        }

        /** Over the severities. */
        public double mean() {
            return errors.stream().mapToDouble(e -> e).average().orElseThrow();
        }
    }

    private static final String ACCURACY = "accuracy";

    /**
     * Corruptions by their words or those of their families, as {@code noise,fog}; {@code all} for all.
     *
     * @throws IllegalArgumentException if there is none of such a name
     */
    public static List<Corruption> kinds(List<String> words) {
        var kinds = EnumSet.noneOf(Corruption.class);
        for (String word : words) {
            List<Corruption> meant = Arrays.stream(Corruption.values())
                    .filter(kind -> word.equals("all") || word.equals(kind.word()) || word.equals(family(kind)))
                    .toList();
            if (meant.isEmpty()) {
                var known = new LinkedHashSet<>(List.of("all"));
                Arrays.stream(Corruption.values()).map(Robustness::family).forEach(known::add);
                Arrays.stream(Corruption.values()).map(Corruption::word).forEach(known::add);
                throw new IllegalArgumentException("unknown corruption '%s'%s there are %s"
                        .formatted(Escaped.of(word), Nearest.hint(word, known, ","), String.join(", ", known)));
            }
            kinds.addAll(meant);
        }
        return List.copyOf(kinds);
    }

    private static String family(Corruption kind) {
        return kind.family().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Evaluates a model under each corruption at each severity. Images are corrupted in the network's size, each in the same way
     * every time.
     *
     * @param progress told of each row as it is measured
     * @throws IllegalArgumentException if the model's task has no accuracy, or it is for clips
     */
    public static Robustness of(TaskTypes.Saved saved, Dataset data, List<Corruption> kinds, Consumer<Row> progress) {
        if (data.clips()) {
            throw new IllegalArgumentException(
                    "corruptions: are of images, the data has clips. Evaluate a network for images");
        }
        Dataset read = data.decoded();
        double clean = error(saved, read, Augmentation.NONE);
        var rows = new ArrayList<Row>();
        for (Corruption kind : kinds) {
            var errors = new ArrayList<Double>();
            for (int severity = 1; severity <= Corruption.SEVERITIES; severity++) {
                errors.add(error(saved, read, Augmentation.of(Corrupt.always(kind, severity))));
            }
            rows.add(new Row(kind, errors));
            progress.accept(rows.get(rows.size() - 1));
        }
        Image first = saved.net().preprocess().apply(read, 0);
        return new Robustness(clean, rows, TransformSheet.corrupted(first, kinds));
    }

    private static double error(TaskTypes.Saved saved, Dataset data, Augmentation corruption) {
        Double accuracy = saved.type()
                .evaluate(saved.net().withCorruption(corruption), data)
                .metrics()
                .get(ACCURACY);
        if (accuracy == null) {
            throw new IllegalArgumentException(
                    "corruptions: robustness is the accuracy of a classifier on corrupted images, got a model for %s"
                            .formatted(saved.type().word()));
        }
        return 1 - accuracy;
    }

    /** The mean error over kinds and severities. */
    public double meanError() {
        return rows.stream().mapToDouble(Row::mean).average().orElseThrow();
    }

    /** The means of each family of kinds. */
    public Map<String, Double> families() {
        return rows.stream()
                .collect(Collectors.groupingBy(
                        row -> family(row.kind()), LinkedHashMap::new, Collectors.averagingDouble(Row::mean)));
    }

    /** By the names of the command line's JSON. */
    public Map<String, Object> values() {
        var kinds = new ArrayList<Map<String, Object>>();
        for (Row row : rows) {
            var one = new LinkedHashMap<String, Object>();
            one.put("kind", row.kind().word());
            one.put("family", family(row.kind()));
            one.put("errors", row.errors());
            one.put("mean", row.mean());
            one.put("increase", row.mean() - clean);
            kinds.add(one);
        }
        var values = new LinkedHashMap<String, Object>();
        values.put("cleanError", clean);
        values.put("meanCorruptionError", meanError());
        values.put("increase", meanError() - clean);
        values.put("families", families());
        values.put("kinds", kinds);
        return values;
    }

    /** For people. */
    public String table() {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-20s %7s %7s %7s %7s %7s %9s %9s%n",
                "error, by severity",
                "1",
                "2",
                "3",
                "4",
                "5",
                "mean",
                "increase"));
        for (Row row : rows) {
            text.append(String.format(Locale.ROOT, "%-20s", row.kind().word()));
            row.errors().forEach(error -> text.append(String.format(Locale.ROOT, " %7.4f", error)));
            text.append(String.format(Locale.ROOT, " %9.4f %+9.4f%n", row.mean(), row.mean() - clean));
        }
        families()
                .forEach((family, mean) -> text.append(
                        String.format(Locale.ROOT, "%-60s %9.4f %+9.4f%n", "mean of " + family, mean, mean - clean)));
        text.append(String.format(
                Locale.ROOT, "%-60s %9.4f %+9.4f%n", "mean corruption error", meanError(), meanError() - clean));
        return text.append(String.format(Locale.ROOT, "%-60s %9.4f%n", "error on clean images", clean))
                .toString();
    }

    /** The error under each family over the severity; 0 are clean images. */
    public BufferedImage chart() {
        var lines = new LinkedHashMap<String, List<double[]>>();
        for (String family : families().keySet()) {
            var points = new ArrayList<double[]>();
            points.add(new double[] {0, clean});
            for (int s = 0; s < Corruption.SEVERITIES; s++) {
                int severity = s;
                double mean = rows.stream()
                        .filter(row -> family(row.kind()).equals(family))
                        .mapToDouble(row -> row.errors().get(severity))
                        .average()
                        .orElseThrow();
                points.add(new double[] {s + 1, mean});
            }
            lines.put(family, points);
        }
        return Charts.lines("Error by severity", "severity (0: clean images)", "error (0 to 1)", lines);
    }

    /**
     * Writes {@code corruption.html} with its images beside it, and {@code corruption.csv}.
     *
     * @param about the model and the data, by what is said first
     */
    public void write(Path folder, Map<String, String> about) {
        var csv = new StringBuilder("kind,family,severity,error\n");
        var table = new ArrayList<List<String>>();
        for (Row row : rows) {
            var cells = new ArrayList<>(List.of(row.kind().word()));
            for (int s = 0; s < row.errors().size(); s++) {
                csv.append(String.format(
                        Locale.ROOT,
                        "%s,%s,%d,%.6f%n",
                        row.kind().word(),
                        family(row.kind()),
                        s + 1,
                        row.errors().get(s)));
                cells.add(shown(row.errors().get(s)));
            }
            cells.add(shown(row.mean()));
            cells.add(String.format(Locale.ROOT, "%+.4f", row.mean() - clean));
            table.add(cells);
        }
        var tiles = new ArrayList<RunReport.Tile>();
        tiles.add(new RunReport.Tile("mean corruption error", shown(meanError())));
        tiles.add(new RunReport.Tile("error on clean images", shown(clean)));
        tiles.add(new RunReport.Tile("increase", String.format(Locale.ROOT, "%+.3f", meanError() - clean)));
        families().forEach((family, mean) -> tiles.add(new RunReport.Tile(family, shown(mean))));
        HtmlReport.write(
                folder.resolve("corruption.html"),
                new RunReport(
                        "Robustness to corruptions",
                        "Error of a classifier under common corruptions",
                        about,
                        tiles,
                        List.of(),
                        List.of(
                                new RunReport.Figure(
                                        "corruption",
                                        "Error by severity",
                                        "Means over the corruptions of each family; at 0 the error on clean images.",
                                        chart()),
                                new RunReport.Figure(
                                        "corruption-images",
                                        "Corruptions",
                                        "The first image, in the network's size, under each corruption at each severity.",
                                        shown)),
                        List.of(new RunReport.Table(
                                "Error by corruption and severity",
                                List.of("corruption", "1", "2", "3", "4", "5", "mean", "increase"),
                                table)),
                        Map.of(),
                        ""));
        AtomicFile.write(folder.resolve("corruption.csv"), csv.toString());
    }

    private static String shown(double error) {
        return String.format(Locale.ROOT, "%.4f", error);
    }
}
