package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.ClosedFolder;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Findings as a CSV file that people go through, change the actions of, and have applied. */
public final class Findings {

    private static final List<String> COLUMNS =
            List.of("path", "part", "finding", "score", "given", "proposed", "action", "other");

    private Findings() {}

    /** Writes one line for each. */
    public static void write(Path file, List<Finding> findings) {
        AtomicFile.write(file, text(findings));
    }

    /** What {@link #write} writes. */
    static String text(List<Finding> findings) {
        var rows = new ArrayList<List<String>>();
        rows.add(COLUMNS);
        for (Finding one : findings) {
            rows.add(List.of(
                    one.path(),
                    one.part(),
                    one.kind().word(),
                    String.format(Locale.ROOT, "%.4f", one.score()),
                    one.given(),
                    one.proposed(),
                    one.action().word(),
                    one.other()));
        }
        return csv(rows);
    }

    static String csv(List<List<String>> rows) {
        var text = new StringBuilder();
        try (var csv = new CSVPrinter(text, CSVFormat.DEFAULT)) {
            for (List<String> row : rows) {
                csv.printRecord(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: it is written to memory
        }
        return text.toString();
    }

    /** A finding and where it stands. */
    record Line(Finding finding, long number) {}

    /**
     * Reads what {@link #write} wrote, with whatever people did to its actions.
     *
     * @throws DataException if it is no such file, or a line has an unknown finding, part or action
     */
    static List<Line> read(Path file) {
        var lines = new ArrayList<Line>();
        try (var parser = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setTrim(true)
                .setIgnoreEmptyLines(true)
                .get()
                .parse(opened(file))) {
            List<String> missing = COLUMNS.subList(0, 7).stream()
                    .filter(column -> !parser.getHeaderNames().contains(column))
                    .toList();
            if (!missing.isEmpty()) {
                throw new DataException("%s:1: has no column '%s'. Expected the columns %s, as an audit writes them"
                        .formatted(file, missing.get(0), String.join(", ", COLUMNS)));
            }
            for (CSVRecord row : parser) {
                lines.add(line(file, row, parser.getCurrentLineNumber()));
            }
        } catch (CharacterCodingException e) {
            throw new DataException(file + ": is not in UTF-8. Save it as UTF-8");
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(file + ": cannot be read (" + e.getMessage() + ")");
        }
        return lines;
    }

    private static Line line(Path file, CSVRecord row, long number) {
        if (!row.isConsistent()) {
            throw new DataException("%s:%s: has %s cells, the header has %s"
                    .formatted(
                            file,
                            number,
                            row.size(),
                            row.getParser().getHeaderNames().size()));
        }
        try {
            return new Line(
                    new Finding(
                            row.get("path"),
                            row.get("part"),
                            Finding.Kind.of(row.get("finding")),
                            Double.parseDouble(row.get("score")),
                            row.get("given"),
                            row.get("proposed"),
                            Finding.Action.of(row.get("action")),
                            row.isMapped("other") ? row.get("other") : ""),
                    number);
        } catch (NumberFormatException e) {
            throw new DataException("%s:%s: the score '%s' is not a number".formatted(file, number, row.get("score")));
        } catch (IllegalArgumentException e) {
            throw new DataException("%s:%s: %s".formatted(file, number, e.getMessage()));
        }
    }

    private static Reader opened(Path file) throws IOException {
        ClosedFolder.check(file);
        return Files.newBufferedReader(file, StandardCharsets.UTF_8);
    }
}
