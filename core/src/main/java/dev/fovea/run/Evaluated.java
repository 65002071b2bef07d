package dev.fovea.run;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * How good a model is on some data.
 *
 * @param metrics by the names of the command line's JSON
 * @param details what is more than a number, by its name in JSON, such as a confusion matrix
 * @param table the same for people, or empty
 * @param rows one for each image, the first one their header; none where a task says nothing about single images
 */
public record Evaluated(
        Map<String, Double> metrics, Map<String, Object> details, String table, Supplier<List<List<Object>>> rows) {

    public Evaluated {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /**
     * Writes {@link #rows} as CSV.
     *
     * @throws IllegalArgumentException if there are none
     */
    public void writeCsv(Path file) {
        List<List<Object>> all = rows.get();
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": a model of this task has no answer for each image that could be written");
        }
        var text = new StringBuilder();
        try (var csv = new CSVPrinter(text, CSVFormat.DEFAULT)) {
            for (List<Object> row : all) {
                csv.printRecord(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written (" + Reason.of(e) + ")", e);
        }
        AtomicFile.write(file, text.toString());
    }

    /** Numbers alone. */
    public static Evaluated of(Map<String, Double> metrics) {
        return new Evaluated(metrics, Map.of(), "", List::of);
    }
}
