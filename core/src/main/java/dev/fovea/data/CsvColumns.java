package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of a table of images that are neither learned nor say where an image lies, such as the camera or the place: what else is
 * known of each image.
 */
public final class CsvColumns {

    private final Map<String, CsvTable.Row> rows = new HashMap<>();
    private final Map<String, Integer> columns = new LinkedHashMap<>();

    private CsvColumns() {}

    /**
     * Those of data, if that is a table with such columns.
     *
     * @param spec as {@link Data#open} takes it
     * @param targets what is learned about each image
     * @throws DataException if it cannot be read
     */
    public static Optional<CsvColumns> of(String spec, TargetKind targets) {
        String place = Data.partOf(spec)
                .map(part -> spec.substring(0, spec.length() - part.length() - 1))
                .orElse(spec);
        Path file = Path.of(place);
        if (!place.toLowerCase(Locale.ROOT).endsWith(".csv") || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        var found = new CsvColumns();
        found.read(file, targets);
        return found.columns.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private void read(Path file, TargetKind targets) {
        CsvTable table = CsvTable.read(file, cell -> isFile(file, cell), targets, new ArrayList<>());
        List<String> headings = table.headings();
        for (int i = 0; i < headings.size(); i++) {
            if (!headings.get(i).isEmpty()
                    && i != table.pathColumn()
                    && i != table.partColumn()
                    && !table.learned(i, targets)) {
                columns.putIfAbsent(headings.get(i), i);
            }
        }
        for (CsvTable.Row row : table.rows()) {
            rows.putIfAbsent(name(file, row.cell(table.pathColumn())), row);
        }
    }

    private static boolean isFile(Path file, String cell) {
        try {
            return Files.exists(file.resolveSibling(cell));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Their headings. */
    public List<String> names() {
        return List.copyOf(columns.keySet());
    }

    /** The cells of a column for images of these names, empty where there is none. */
    public List<String> cells(String column, List<String> images) {
        int at = columns.get(column);
        return images.stream()
                .map(image -> Optional.ofNullable(rows.get(image))
                        .map(row -> row.cell(at))
                        .orElse(""))
                .toList();
    }

    /** As the data names the image of a row. */
    private static String name(Path file, String cell) {
        try {
            Path path = file.resolveSibling(cell);
            return Files.exists(path) || cell.indexOf('\\') < 0
                    ? path.toString()
                    : file.resolveSibling(cell.replace('\\', '/')).toString();
        } catch (InvalidPathException e) {
            return cell;
        }
    }
}
