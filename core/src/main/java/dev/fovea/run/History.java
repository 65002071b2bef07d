package dev.fovea.run;

import dev.fovea.engine.Engine;
import dev.fovea.io.AtomicFile;
import dev.fovea.report.Charts;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.train.SelectedEpoch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;

/**
 * The epochs of a run, and what every report says about them.
 *
 * @param rows one per epoch
 * @param selected the epoch whose weights the model has
 */
public record History(List<Map<String, Double>> rows, SelectedEpoch selected) {

    /** Of epochs none of which is known to be selected. */
    public History(List<Map<String, Double>> rows) {
        this(rows, SelectedEpoch.NONE);
    }

    /** The names of all columns, in the order in which they first appear. */
    public List<String> columns() {
        return rows.stream().flatMap(row -> row.keySet().stream()).distinct().toList();
    }

    /** The values of one column, one for each epoch; NaN where it has none. */
    List<Double> column(String name) {
        return rows.stream().map(row -> row.getOrDefault(name, Double.NaN)).toList();
    }

    /** Adds a metric over the epochs, in training and in validation; of fewer than two epochs there is no curve. */
    public void curve(Sections sections, String file, String title, String quantity, String metric, String caption) {
        Map<String, List<Double>> series = series(metric);
        if (series.values().stream()
                .anyMatch(values -> values.stream().filter(Double::isFinite).count() > 1)) {
            sections.add(
                    title,
                    () -> new Figure(file, title, caption, Charts.curves(title + " per epoch", quantity, series)));
        }
    }

    /** One value for each epoch, in training and in validation; of neither where no epoch has one. */
    Map<String, List<Double>> series(String metric) {
        var series = new LinkedHashMap<String, List<Double>>();
        for (String part : List.of("train", "validation")) {
            List<Double> values = column(part + "_" + metric);
            if (values.stream().anyMatch(Double::isFinite)) {
                series.put(part, values);
            }
        }
        return series;
    }

    /** Images a second in training, median over the epochs. */
    OptionalDouble speed() {
        return median(column("images_per_second"));
    }

    static OptionalDouble median(List<Double> values) {
        List<Double> sorted = values.stream().filter(Double::isFinite).sorted().toList();
        return sorted.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sorted.get(sorted.size() / 2));
    }

    /** Environment and timings. */
    Map<String, String> facts(double seconds) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.putAll(Engine.facts());
        facts.put("epochs", Integer.toString(rows.size()));
        if (selected.epoch() > 0) {
            facts.put("selected", selected.words());
        }
        facts.put("seconds", String.format(Locale.ROOT, "%.1f", seconds));
        speed().ifPresent(speed -> facts.put("imagesPerSecond", String.format(Locale.ROOT, "%.0f", speed)));
        return facts;
    }

    /** Writes {@code metrics.csv} and {@code environment.json}. */
    void write(Path folder, double seconds) {
        AtomicFile.write(folder.resolve("metrics.csv"), RunRecord.csv(rows));
        AtomicFile.write(folder.resolve("environment.json"), new JsonMapper().writeValueAsString(facts(seconds)));
    }
}
