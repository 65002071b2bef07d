package dev.fovea.bench;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The file of all measurements ever kept: one row per contender and round. */
record Results(Path file) {

    static final List<String> HEADER = List.of(
            "commit",
            "date",
            "machine",
            "engine",
            "version",
            "model",
            "batch",
            "precision",
            "threads",
            "round",
            "imagesPerSecond");

    /**
     * Where and when something was measured.
     *
     * @param date ISO, such as 2026-01-31
     * @param machine its processor
     */
    record Conditions(String commit, String date, String machine, int threads) {}

    /** Appends every round of {@code all}; writes the header first if the file is new. */
    void append(Conditions conditions, Configuration configuration, List<Series> all) throws IOException {
        var text = new StringWriter();
        var format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
        try (var csv = new CSVPrinter(text, format)) {
            if (Files.notExists(file)) {
                csv.printRecord(HEADER);
            }
            for (Series series : all) {
                for (int round = 1; round <= series.speeds().size(); round++) {
                    csv.printRecord(
                            conditions.commit(),
                            conditions.date(),
                            conditions.machine(),
                            series.contender().engine(),
                            series.version(),
                            configuration.model(),
                            configuration.batch(),
                            series.precision(),
                            conditions.threads(),
                            round,
                            Math.round(10 * series.speeds().get(round - 1)) / 10.0);
                }
            }
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text.toString(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
