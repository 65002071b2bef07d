package dev.fovea.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * A table of {@code path,label}, paths counted from the table's folder; a first line saying so may be there. Paths are
 * pictures, or all of them clips: folders of numbered pictures, animated GIFs, videos.
 */
final class CsvData {

    private CsvData() {}

    static Dataset read(Path file) {
        var rows = new ArrayList<CSVRecord>();
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                var parser = CSVFormat.RFC4180
                        .builder()
                        .setTrim(true)
                        .setIgnoreEmptyLines(true)
                        .get()
                        .parse(reader)) {
            for (CSVRecord row : parser) {
                if (row.size() < 2 || row.get(0).isEmpty() || row.get(1).isEmpty()) {
                    throw new DataException(
                            "%s:%d: expected path,label".formatted(file, parser.getCurrentLineNumber()));
                }
                boolean heading = rows.isEmpty()
                        && row.getRecordNumber() == 1
                        && row.get(1).equalsIgnoreCase("label");
                if (!heading) {
                    Path picture = file.resolveSibling(row.get(0));
                    if (!Files.exists(picture)) {
                        throw new DataException("%s:%d: no such picture: %s"
                                .formatted(file, parser.getCurrentLineNumber(), row.get(0)));
                    }
                    rows.add(row);
                }
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read as CSV (" + e.getMessage() + ")");
        }
        if (rows.isEmpty()) {
            throw new DataException(file + ": no rows. Expected lines of path,label");
        }
        List<String> classes =
                List.copyOf(new TreeSet<>(rows.stream().map(row -> row.get(1)).toList()));
        Path first = file.resolveSibling(rows.get(0).get(0));
        if (Files.isDirectory(first) || Clips.isMovie(first.toString())) {
            return new Clips(
                    classes,
                    rows.stream()
                            .map(row -> new Clips.Take(
                                    Clips.open(file.resolveSibling(row.get(0))), classes.indexOf(row.get(1))))
                            .toList());
        }
        return new Items(
                classes, rows.stream().map(row -> item(file, row, classes)).toList());
    }

    private static Items.Item item(Path file, CSVRecord row, List<String> classes) {
        Path picture = file.resolveSibling(row.get(0));
        var source = new TreeFile(
                List.of(picture.getFileName().toString()), picture.toString(), () -> FolderFiles.read(picture));
        return new Items.Item(source, classes.indexOf(row.get(1)));
    }
}
