package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of boxes, a line for each, paths counted from its folder. Its first line names the columns: path, label, and left,
 * top, right, bottom or x, y, width, height in pixels from the upper left corner. A line without label and box is an image
 * without objects.
 */
final class CsvBoxes {

    private static final String EXPECTED = "path,label,left,top,right,bottom";

    private final Path file;
    private final CsvTable table;
    private final BoxColumns columns;
    private final AnnotatedParts parts;

    /** The rows of an image. */
    private record Rows(Path image, String part, List<CsvTable.Row> rows) {}

    private CsvBoxes(Path file, CsvTable table, AnnotatedParts parts) {
        this.file = file;
        this.table = table;
        this.parts = parts;
        columns = BoxColumns.of(table.headings())
                .orElseThrow(() -> new DataException(
                        "%s:1: no columns for boxes. Expected a first line that names the columns, as %s"
                                .formatted(file, EXPECTED)));
    }

    /** Whether the first line names columns of boxes. */
    static boolean matches(Path file) {
        return BoxColumns.of(table(file).headings()).isPresent();
    }

    static CsvTable table(Path file) {
        return CsvTable.read(file, cell -> isFile(file, cell), TargetKind.BOXES, new ArrayList<>());
    }

    static Splits read(Path file, Data.Options options) {
        var parts = new AnnotatedParts(file.toString(), options);
        CsvTable table = CsvTable.read(file, cell -> isFile(file, cell), TargetKind.BOXES, parts.notes());
        return new CsvBoxes(file, table, parts).read();
    }

    private Splits read() {
        Map<String, Rows> images = new LinkedHashMap<>();
        for (CsvTable.Row row : table.rows()) {
            String named = row.cell(table.pathColumn());
            if (named.isEmpty()) {
                parts.faults().add(place(row) + "no path. Expected " + EXPECTED);
                continue;
            }
            String part = part(row);
            Rows rows = images.computeIfAbsent(
                    named, n -> new Rows(ListedPath.of(file, n, row.line()), part, new ArrayList<>()));
            if (!rows.part().equals(part)) {
                parts.faults()
                        .add(
                                "%s'%s' belongs to the %s part here and to the %s part before. Expected one part for all its lines"
                                        .formatted(place(row), named, part, rows.part()));
                continue;
            }
            rows.rows().add(row);
        }
        if (images.isEmpty()) {
            throw new DataException("%s: no rows. Expected lines of %s".formatted(file, EXPECTED));
        }
        images.values().forEach(this::add);
        return parts.sorted();
    }

    private String part(CsvTable.Row row) {
        if (table.partColumn() < 0) {
            return "train";
        }
        String word = row.cell(table.partColumn());
        return CsvTable.part(word)
                .orElseThrow(() -> new DataException(
                        place(row) + "the part '%s' is none of train, validation and test".formatted(word)));
    }

    private String place(CsvTable.Row row) {
        return "%s:%s: ".formatted(file, row.line());
    }

    private void add(Rows rows) {
        CsvTable.Row first = rows.rows().get(0);
        if (!Files.isRegularFile(rows.image())) {
            parts.faults()
                    .add("%sno such image: %s. Restore it, or remove the line"
                            .formatted(place(first), first.cell(table.pathColumn())));
            return;
        }
        var objects = new ObjectList(file + ":", columns.size(first), parts.faults());
        rows.rows().forEach(row -> add(objects, row));
        parts.add(
                rows.part(),
                new AnnotatedImage(
                        FolderFiles.file(List.of(String.valueOf(rows.image().getFileName())), rows.image()),
                        columns.size(first),
                        false,
                        file + ":",
                        0,
                        objects.objects()));
    }

    private void add(ObjectList objects, CsvTable.Row row) {
        String label = row.cell(table.labelColumn());
        List<String> cells = columns.edges().stream().map(row::cell).toList();
        if (label.isEmpty() && cells.stream().allMatch(String::isEmpty)) {
            return;
        }
        if (label.isEmpty()) {
            objects.fault(row.line(), "a box without a label. Expected " + EXPECTED);
            return;
        }
        double[] edges = new double[4];
        for (int i = 0; i < 4; i++) {
            Optional<Double> number = BoxChecks.parsed(cells.get(i));
            if (number.isEmpty()) {
                objects.fault(
                        row.line(),
                        "%s in column '%s' is no number. Expected pixels, or no label and no box for an image without objects"
                                .formatted(
                                        cells.get(i).isEmpty() ? "an empty cell" : "'" + cells.get(i) + "'",
                                        table.headings().get(columns.edges().get(i))));
                return;
            }
            edges[i] = number.get();
        }
        boolean pixels = columns.sized() && !BoxChecks.areShares(edges);
        objects.add(
                BoxChecks.pixels(
                        edges[0], edges[1], edges[2] + (pixels ? edges[0] : 0), edges[3] + (pixels ? edges[1] : 0)),
                parts.label(label),
                columns.ignore() >= 0 && row.cell(columns.ignore()).equals("1"),
                Outline.MISSING,
                Optional.empty(),
                row.line());
    }

    private static boolean isFile(Path file, String cell) {
        try {
            return !cell.isEmpty() && Files.isRegularFile(ListedPath.of(file, cell, 1));
        } catch (DataException e) {
            return false;
        }
    }
}
